package devfest.studio.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiteralPathsTest {

  @ParameterizedTest
  @CsvSource({
    "GET,/events,/events/stream",
    "GET,/api/events,/events/stream",
    "POST,/api/broadcast,/events",
    "GET,/api/stream,/stream",
    "GET,/github/events/stream,/github/events/stream",
    "GET,/api/github/events/stream,/github/events/stream",
    "HEAD,/api/github/events/length/stream,/github/events/length/stream",
    "GET,/github/posts/stats/stream,/github/posts/stats/stream",
    "GET,/api/quota/stream,/quota/stream"
  })
  void eachStandsForItsCall(String method, String path, String canonical) {
    assertEquals(Optional.of("/api/v1" + canonical), LiteralPaths.target(path, method));
  }

  @Test
  void nothingElseIsForwarded() {
    for (String path : new String[] {"/", "/api/v1/events", "/events/", "/dashboard", "/eventsx"}) {
      assertEquals(Optional.empty(), LiteralPaths.target(path, "GET"), path);
    }
    assertEquals(Optional.empty(), LiteralPaths.target("/events", "POST"));
    assertEquals(Optional.empty(), LiteralPaths.target("/api/broadcast", "GET"));
  }
}
