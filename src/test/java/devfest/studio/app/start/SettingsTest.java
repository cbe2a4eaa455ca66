package devfest.studio.app.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.blobs.StorageSettings;
import devfest.studio.settings.Setting;
import devfest.studio.settings.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {

  private static final Pattern DECLARED =
      Pattern.compile("values\\s*\\.\\w+\\(\\s*\"(studio\\.[^\"]+)\"");

  private static List<String> faults(String name, String value) {
    Map<String, String> values = Map.of(name, value);
    return Settings.faults(property -> Optional.ofNullable(values.get(property)), values.keySet());
  }

  private static List<String> sources() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(SettingsTest::read)
          .toList();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void eachPropertyIsDeclaredOnceByARecordCheckedAtStartup() throws IOException {
    List<String> declared = new ArrayList<>();
    for (String source : sources()) {
      for (Matcher m = DECLARED.matcher(source); m.find(); ) {
        declared.add(m.group(1));
      }
    }
    assertEquals(
        declared.stream().sorted().toList(),
        Settings.ALL.stream().map(Setting::name).sorted().toList());
    assertEquals(declared.size(), Set.copyOf(declared).size(), "once");
  }

  @Test
  void noBeanInjectsASingleProperty() throws IOException {
    for (String source : sources()) {
      assertFalse(source.contains("@ConfigProperty"), source);
    }
  }

  @Test
  void everyDefaultIsAllowed() {
    Settings.ALL.stream()
        .filter(setting -> setting.fallback() != null && !setting.name().equals("studio.data-dir"))
        .forEach(setting -> assertTrue(setting.accepts(setting.fallback()), setting.name()));
  }

  @Test
  void theOperatorsGuideListsEachPropertyWithItsDefault() throws IOException {
    Set<String> listed = new TreeSet<>();
    List<String> lines = new ArrayList<>(Files.readAllLines(Path.of("docs/operate/settings.md")));
    lines.addAll(Files.readAllLines(Path.of("docs/security.md"))); // has the table of limits
    for (String line : lines) {
      if (!line.startsWith("| `studio.")) {
        continue;
      }
      String[] cells = line.split("\\|");
      String first = null;
      for (Matcher m = Pattern.compile("`([^`]+)`").matcher(cells[1]); m.find(); ) {
        String name = m.group(1);
        if (name.startsWith(".")) {
          name = first.substring(0, first.lastIndexOf('.')) + name;
        } else {
          first = name;
          String fallback = fallback(name);
          Matcher shown = Pattern.compile("^`([^`]+)`$").matcher(cells[2].strip());
          assertEquals(shown.matches() ? shown.group(1) : null, fallback, name);
        }
        listed.add(name);
      }
    }
    assertEquals(
        Settings.ALL.stream().map(Setting::name).collect(Collectors.toCollection(TreeSet::new)),
        listed);
  }

  private static String fallback(String name) {
    return Settings.ALL.stream()
        .filter(setting -> setting.name().equals(name))
        .map(Setting::fallback)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "studio.stream.heartbeat | 15",
        "studio.stream.heartbeat | PT0S",
        "studio.stream.heartbeat | -PT15S",
        "studio.stream.heartbeat | PT9999999999999999999S",
        "studio.stream.heartbeat | PT9000000000000000S",
        "studio.events.retention | 30 days",
        "studio.anonymous-access | publick",
        "studio.anonymous-access | Public",
        "studio.dev-mode | maybe",
        "studio.quota.zone | Europe/Pariss",
        "studio.quota.transformations-per-day | -5",
        "studio.quota.transformations-per-day | 1.5",
        "studio.upload.max-bytes | 25MB",
        "studio.upload.max-bytes | 99999999999999999999",
        "studio.transformations.concurrency | 0",
        "studio.stream.max-connections | 0",
        "studio.public-url | studio.example.org",
        "studio.public-url | ftp://studio.example.org",
        "studio.public-url | http://",
        "studio.public-url | http://host:99999",
        "studio.public-url | http://a b",
        "studio.cors.allowed-origins | https://example.org/",
        "studio.cors.allowed-origins | https://example.org,example.com",
        "studio.cors.allowed-origins | https://Example.org",
        "studio.trusted-proxies | proxy.example.org",
        "studio.trusted-proxies | 10.0.0.0/33",
        "studio.trusted-proxies | 10.0.0.1;10.0.0.2",
        "studio.db.url | jdbc:mysql://db/studio",
        "studio.db.url | jdbc:postgresql://db:port/studio",
        "studio.cluster.signal | nats",
        "studio.cluster.signal | Postgres",
        "studio.cluster.node | node 1",
        "studio.cluster.postgres-url | nats://host:4222",
        "studio.cluster.nats.url | nats://host:4222,host",
        "studio.cluster.nats.url | http://host:4222",
        "studio.cluster.nats.credentials | /no/such/file",
        "studio.cluster.nats.prefix | studio.>",
        "studio.posts.templates | de",
        "studio.posts.templates | /no/such/file.properties",
        "studio.data-dir | pom.xml",
        "studio.data-dir | pom.xml/below",
        "studio.assistant.base-url | localhost:1234",
        "studio.posts.outlet-url | file:///etc/passwd",
        "studio.jwt.groups | admin",
        "studio.storage | S3",
        "studio.s3.endpoint | s3.example.org",
        "studio.limits.tickets | 300",
        "studio.limits.tickets | 0/PT1M",
        "studio.limits.tickets | -1/PT1M",
        "studio.limits.tickets | 1000000001/PT1M",
        "studio.limits.tickets | 99999999999999999999/PT1M",
        "studio.limits.tickets | 300/1m",
        "studio.limits.tickets | 300/PT0.5S",
        "studio.limits.tickets | 300/P2D",
        "studio.limits.tickets | /PT1M"
      })
  void aWrongValueIsReportedInOneLineWithItsNameAndTheAllowedValues(String name, String value) {
    List<String> faults = faults(name, value);
    assertEquals(1, faults.size(), faults::toString);
    assertTrue(
        faults.get(0).startsWith(name + " is '" + value + "', but must be "), faults::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "studio.stream.heartbeat | PT1M",
        "studio.stream.heartbeat | pt2.5s",
        "studio.anonymous-access | public",
        "studio.quota.zone | Europe/Paris",
        "studio.quota.transformations-per-day | 0",
        "studio.public-url | https://studio.example.org/studio/",
        "studio.cors.allowed-origins | *",
        "studio.cors.allowed-origins | https://example.org, http://localhost:3000",
        "studio.trusted-proxies | 10.0.0.0/8, [::1]:8080, ::ffff:192.0.2.1",
        "studio.db.url | jdbc:postgresql://a:5432,b:5432/studio?targetServerType=primary",
        "studio.cluster.signal | none",
        "studio.cluster.node | node-1.example",
        "studio.cluster.nats.url | nats://host:4222, tls://user:word@host-2:4222",
        "studio.cluster.nats.prefix | devfest.studio",
        "studio.posts.templates | fr",
        "studio.data-dir | target",
        "studio.limits.tickets | 1000000000/PT1S",
        "studio.limits.failed-authentications | 1/P1D",
        "studio.jwt.groups | event-admins=admin,press=publisher",
        "studio.jwt.issuers.club-1.issuer | https://login.example.org",
        "studio.jwt.issuers.club-1.jwks | https://login.example.org/keys"
      })
  void aValidValueIsAccepted(String name, String value) {
    assertEquals(List.of(), faults(name, value));
  }

  @Test
  void anUnknownPropertyIsReportedWithTheLikelyName() {
    assertEquals(
        List.of(
            "studio.stream.hartbeat is not a property of the studio. Did you mean"
                + " studio.stream.heartbeat?"),
        faults("studio.stream.hartbeat", "PT15S"));
    assertEquals(
        List.of(
            "studio.nonsense is not a property of the studio;"
                + " docs/operate/settings.md lists all properties."),
        faults("studio.nonsense", "1"));
    assertEquals(List.of(), faults("studios.nonsense", "1"));
    assertEquals(1, faults("studio.jwt.issuers.a.b.issuer", "x").size());
  }

  @Test
  void natsNeedsTheUrlOfAServer() {
    Map<String, String> values =
        Map.of("studio.cluster.signal", "nats", "studio.cluster.nats.url", "nats://host:4222");
    assertEquals(
        List.of(), Settings.faults(name -> Optional.ofNullable(values.get(name)), values.keySet()));
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:8080",
    "http://LOCALHOST/studio",
    "http://127.0.0.1:12345/",
    "https://127.8.9.1",
    "http://[::1]:8080"
  })
  void devModeAcceptsAPublicUrlOfThisMachine(String url) {
    assertEquals(List.of(), devModeFaults(url));
  }

  @ParameterizedTest
  @CsvSource({
    "https://studio.example.org",
    "http://192.168.1.20:8080",
    "http://0.0.0.0:8080",
    "http://localhost.example.org",
    "http://127.0.0.1.nip.io",
    "http://user:geheim@studio.example.org"
  })
  void devModeRefusesAPublicUrlOfAnotherMachine(String url) {
    assertEquals(
        List.of(
            "studio.public-url is '"
                + url.replace("geheim", "(secret)")
                + "', but must be a loopback address, such as http://localhost:8080, because"
                + " studio.dev-mode is 'true'."),
        devModeFaults(url));
    assertEquals(List.of(), faults("studio.public-url", url));
  }

  private static List<String> devModeFaults(String url) {
    Map<String, String> values = Map.of("studio.dev-mode", "true", "studio.public-url", url);
    return Settings.faults(name -> Optional.ofNullable(values.get(name)), values.keySet());
  }

  @Test
  void allFaultsAreReportedAtOnce() {
    Map<String, String> values =
        Map.of("studio.dev-mode", "ja", "studio.quota.zone", "Mars", "studio.nonsense", "1");
    assertEquals(
        3, Settings.faults(name -> Optional.ofNullable(values.get(name)), values.keySet()).size());
  }

  @Test
  void secretsAreNotShownAndAFaultIsOneLine() {
    String shown =
        String.join(
            "\n",
            Stream.of(
                    faults("studio.db.url", "jdbc:mysql://u:geheim@db/x?password=geheim&a=b"),
                    faults("studio.github.webhook-secret", " "),
                    faults("studio.cluster.nats.url", "http://geheim@a:4222"),
                    faults("studio.public-url", "geh:\neim"))
                .flatMap(List::stream)
                .toList());
    assertEquals(4, shown.lines().count(), shown);
    assertFalse(shown.contains("geheim"), shown);
  }

  @Test
  void aBucketNeedsItsNameAndItsKeys() {
    assertEquals(
        List.of(
            "If studio.storage is s3, then studio.s3.bucket, studio.s3.access-key and"
                + " studio.s3.secret-key must be set."),
        faults("studio.storage", "s3"));
    Map<String, String> values =
        Map.of(
            "studio.storage",
            "s3",
            "studio.s3.bucket",
            "pictures",
            "studio.s3.access-key",
            "key",
            "studio.s3.secret-key",
            "geheim");
    assertEquals(
        List.of(), Settings.faults(name -> Optional.ofNullable(values.get(name)), values.keySet()));
    String shown =
        StorageSettings.from(Values.of(name -> Optional.ofNullable(values.get(name)))).toString();
    assertTrue(shown.contains("pictures"), shown);
    assertFalse(shown.contains("geheim"), shown);
  }

  @Test
  void onlyVariablesThatNameNoPropertyAreUnknown() {
    assertEquals(
        List.of("STUDIO_PORT", "STUDIO_PORT_8080_TCP"),
        Settings.unknownVariables(
            Set.of(
                "STUDIO_PORT",
                "STUDIO_PORT_8080_TCP",
                "STUDIO_DATA_DIR",
                "STUDIO_STREAM_MAX_CONNECTIONS_PER_USER",
                "STUDIO_JWT_ISSUERS_CLUB_1_ISSUER",
                "PATH")));
  }
}
