package devfest.studio.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jakarta.ws.rs.NotAuthorizedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
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

  private static Tokens trusting(DevKeys trusted) {
    return new Tokens(
        TokenConfig.of(
            name -> Optional.empty(), List.of(), Optional.of(trusted), RemoteKeys.Pace.USUAL),
        new RevokedUsers(),
        Clock.systemUTC());
  }

  @Test
  void theKeyIsCreatedOnceAndReadableOnlyByItsOwner() throws Exception {
    Path file = dir.resolve("data/dev-key.json");
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    String token = keys.issue("ann", List.of(), Instant.now(), HOUR);
    Tokens again = trusting(DevKeys.in(dir.resolve("data")));
    assertEquals("ann", again.verify(token).getName());
  }

  @Test
  void nodesThatStartAtTheSameTimeInOneDirectoryUseTheSameKey() {
    Path shared = dir.resolve("shared");
    List<DevKeys> nodes =
        IntStream.range(0, 6).parallel().mapToObj(i -> DevKeys.in(shared)).toList();
    for (DevKeys node : nodes) {
      String token = node.issue("ann", List.of(), Instant.now(), HOUR);
      assertEquals("ann", trusting(nodes.get(0)).verify(token).getName());
    }
  }

  @Test
  void aTokenNamesItsUserAndItsExpiry() {
    Instant now = Instant.now();
    Caller caller =
        trusting(keys).verify(keys.issue("ann", List.of("admin", "publisher"), now, HOUR)).caller();
    assertEquals("ann", caller.userId());
    assertEquals(Set.of("admin", "publisher"), caller.groups());
    assertEquals(now.plus(HOUR).getEpochSecond() + 10, caller.until().getEpochSecond());
  }

  @Test
  void expiredForeignOrModifiedTokensAreRejected() {
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
  void theTimeOfIssueHasMilliseconds() {
    Instant now = Instant.parse("2026-11-21T12:00:00.123Z");
    String token = keys.issue("ann", List.of(), now, Duration.ofDays(10_000));
    assertEquals(now, trusting(keys).verify(token).caller().issued());
  }
}
