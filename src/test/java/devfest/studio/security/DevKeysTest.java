package devfest.studio.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.ws.rs.NotAuthorizedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dev key and what verifies its tokens. */
class DevKeysTest {

  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir Path dir;

  private DevKeys keys;

  @BeforeEach
  void makeKeys() {
    keys = DevKeys.in(dir.resolve("data"));
  }

  private Tokens trusting(String publicKey, String issuer) {
    return new Tokens(
        name ->
            switch (name) {
              case TokenConfig.KEY -> publicKey;
              case TokenConfig.ISSUER -> issuer;
              default -> null;
            });
  }

  private Tokens trusting(DevKeys trusted) {
    return trusting(trusted.publicKey(), DevKeys.ISSUER);
  }

  @Test
  void theKeyIsMadeOnceAndOnlyItsOwnerReadsIt() throws Exception {
    Path file = dir.resolve("data/dev-key.json");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(keys.publicKey(), DevKeys.in(dir.resolve("data")).publicKey());
    assertTrue(!keys.publicKey().contains("\"d\""));
  }

  @Test
  void aTokenSaysWhoItIsForAndUntilWhen() {
    Instant now = Instant.now();
    Caller caller =
        trusting(keys).verify(keys.issue("ann", List.of("admin", "publisher"), now, HOUR));
    assertEquals("ann", caller.userId());
    assertEquals(Set.of("admin", "publisher"), caller.groups());
    assertEquals(now.plus(HOUR).getEpochSecond(), caller.until().getEpochSecond());
  }

  @Test
  void whatIsExpiredForeignOrChangedIsRefused() {
    Instant now = Instant.now();
    String good = keys.issue("ann", List.of(), now, HOUR);
    String[] parts = good.split("\\.");
    String foreign = DevKeys.in(dir.resolve("other")).issue("ann", List.of("admin"), now, HOUR);
    for (String bad :
        List.of(
            keys.issue("ann", List.of(), now.minusSeconds(9_000), HOUR),
            foreign,
            parts[0] + "." + foreign.split("\\.")[1] + "." + parts[2],
            "eyJhbGciOiJub25lIn0." + parts[1] + ".",
            "",
            "a.b.c",
            good + "x")) {
      assertThrows(NotAuthorizedException.class, () -> trusting(keys).verify(bad), bad);
    }
  }

  @Test
  void theIssuerMustBeTheConfiguredOne() {
    String token = keys.issue("ann", List.of(), Instant.now(), HOUR);
    Tokens other = trusting(keys.publicKey(), "https://issuer.example");
    assertThrows(NotAuthorizedException.class, () -> other.verify(token));
  }

  @Test
  void keysComeAsPemOrBareBase64() {
    String token = keys.issue("ann", List.of(), Instant.now(), HOUR);
    String pem = "-----BEGIN PUBLIC KEY-----\n" + keys.publicKey() + "\n-----END PUBLIC KEY-----\n";
    assertEquals("ann", trusting(pem, DevKeys.ISSUER).verify(token).userId());
    assertThrows(IllegalStateException.class, () -> trusting("nonsense", DevKeys.ISSUER));
  }

  @Test
  void withoutAKeyOrAnIssuerTheOperatorIsTold() {
    assertTrue(trusting(null, null).fault().orElseThrow().contains("No key"));
    assertTrue(
        trusting(keys.publicKey(), TokenConfig.NO_ISSUER).fault().orElseThrow().contains("issuer"));
    assertTrue(trusting(keys).fault().isEmpty());
    assertThrows(NotAuthorizedException.class, () -> trusting(null, null).verify("a.b.c"));
  }
}
