package devfest.studio.feeds.timer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.SharedServerTest;
import devfest.studio.Socket;
import devfest.studio.SseReader;
import devfest.studio.StudioTest;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The countdown over its stream and its WebSocket. */
class TimerIT extends SharedServerTest {

  @Test
  void theTimerIsTheSameOverEachTransport() throws Exception {
    drive("reset", "{\"duration\":600}");
    try (SseReader stream = nobody.follow("/timer/stream");
        Socket socket = Socket.open(nobody.uri("/timer/ws"))) {
      SseReader.Frame first = stream.next();
      assertNull(first.event());
      JsonObject state = json(first);
      assertEquals("timer_update", state.getString("type"));
      assertEquals(
          Set.of("type", "remaining", "elapsed", "timestamp", "running", "game_completed"),
          state.keySet());
      assertEquals(state.keySet(), json(socket.next()).keySet());
      JsonObject asked = nobody.get("/timer").json();
      assertEquals(600, asked.getInt("remaining"), "at the top level too");
      assertEquals(600, nobody.get(V1 + "/timer").data().getInt("remaining"));

      drive("start", "");
      // A change right before they connected may be sent once more.
      stream.next(frame -> frame.data() != null && json(frame).getBoolean("running"));
      while (!json(socket.next()).getBoolean("running")) {
        // that
      }
      for (int i = 1; i <= 3; i++) {
        assertEquals(i, number(json(stream.next()), "elapsed"), 0.5);
        assertEquals(i, number(json(socket.next()), "elapsed"), 0.5);
      }
      drive("penalty", "{\"seconds\":100}");
      stream.next(frame -> frame.data() != null && number(json(frame), "elapsed") >= 103);
      drive("complete", "");
      assertTrue(
          json(stream.next(f -> f.data() != null && f.data().contains("\"game_completed\":true")))
                  .getJsonNumber("remaining")
                  .doubleValue()
              < 497.1);
      assertEquals(409, publisher.post(V1 + "/timer/start", "").status());
      assertEquals(409, publisher.post(V1 + "/timer/penalty", "{}").status());
    }
  }

  @Test
  void ticksArriveEverySecondOnTheSecond() throws Exception {
    drive("start", "{\"duration\":600}");
    try (SseReader stream = ann.follow(V1 + "/timer/stream")) {
      stream.next();
      drive("pause", "");
      drive("start", "");
      stream.during(Duration.ofMillis(1_500));
      List<JsonObject> ticks =
          stream.during(Duration.ofSeconds(5)).stream().map(StudioTest::json).toList();
      assertTrue(ticks.size() >= 4 && ticks.size() <= 6, ticks::toString);
      long onTheSecond =
          ticks.stream()
              .filter(tick -> tick.getJsonNumber("elapsed").doubleValue() % 1 < 0.4)
              .count();
      assertTrue(onTheSecond >= 3, ticks::toString); // a busy machine may delay one
    }
    drive("reset", "");
  }

  @Test
  void onlyPublishersControlTheTimerAndOnlyWithValidTimes() {
    for (String what : List.of("start", "pause", "reset", "penalty", "complete")) {
      assertEquals(403, ann.post(V1 + "/timer/" + what, "").status());
      assertEquals(401, nobody.post(V1 + "/timer/" + what, "").status());
    }
    for (String body :
        List.of("{\"duration\":0}", "{\"duration\":-5}", "{\"duration\":99999999}")) {
      assertEquals(400, publisher.post(V1 + "/timer/start", body).status());
    }
    assertEquals(400, publisher.post(V1 + "/timer/penalty", "{\"seconds\":-5}").status());
  }
}
