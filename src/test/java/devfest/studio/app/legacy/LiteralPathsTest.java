package devfest.studio.app.legacy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    "GET,/api/quota/stream,/quota/stream",
    "GET,/notifications,/notifications/stream",
    "GET,/api/notifications/stream,/notifications/stream",
    "POST,/api/users/bob/mention,/users/bob/mention",
    "GET,/metrics-stream,/metrics/stream",
    "GET,/api/metrics/stream,/metrics/stream",
    "GET,/api/games/g-1/stream,/games/g-1/stream",
    "POST,/api/games/g-1/score,/games/g-1/score",
    "POST,/api/tasks/upload,/tasks/upload",
    "GET,/api/tasks/t-1/progress,/tasks/t-1/progress",
    "GET,/chat-stream,/assistant/stream",
    "GET,/ai-stream,/assistant/stream",
    "GET,/chat-events,/chat/stream",
    "POST,/send-message,/chat/messages",
    "GET,/timer,/timer",
    "HEAD,/timer/stream,/timer/stream"
  })
  void eachLiteralPathMapsToItsCall(String method, String path, String canonical) {
    assertEquals(Optional.of("/api/v1" + canonical), LiteralPaths.target(path, method));
  }

  @Test
  void noOtherPathIsForwarded() {
    for (String path : new String[] {"/", "/api/v1/events", "/events/", "/dashboard", "/eventsx"}) {
      assertEquals(Optional.empty(), LiteralPaths.target(path, "GET"), path);
    }
    assertEquals(Optional.empty(), LiteralPaths.target("/events", "POST"));
    assertEquals(Optional.empty(), LiteralPaths.target("/api/broadcast", "GET"));
    assertEquals(Optional.empty(), LiteralPaths.target("/api/users/a/b/mention", "POST"));
    assertEquals(Optional.empty(), LiteralPaths.target("/timer/start", "POST"));
  }

  @Test
  void aWebSocketIsServedAtBothPaths() {
    assertEquals(
        List.of("/api/v1/timer/ws", "/timer/ws"), LiteralPaths.ofSocket("/timer/ws").toList());
  }

  @Test
  void eachLiteralPathHasItsMethods() {
    assertEquals(Set.of("POST"), LiteralPaths.methods("/api/broadcast"));
    assertEquals(Set.of("GET", "HEAD"), LiteralPaths.methods("/events"));
    assertEquals(Set.of(), LiteralPaths.methods("/api/v1/events"));
  }
}
