package devfest.studio;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ends of streams: each is told first, is clean, and leaves nothing in the server's log. */
class EndsIT {

  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir static Path dir;
  private static Server server;

  private Client admin;
  private int logged;

  @BeforeAll
  static void start() throws IOException {
    server =
        Server.start(
            dir,
            "studio.dev-mode=true",
            "studio.stream.heartbeat=PT1S",
            "studio.stream.max-lifetime=PT10S",
            "studio.stream.stall-timeout=PT2S");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void quiet() {
    admin = Client.of(server.base(), "root", "admin");
    await().atMost(SOON).until(() -> connections() == 0);
    logged = server.log().length();
  }

  private int connections() {
    return admin.get("/api/v1/events/stats").data().getInt("activeConnections");
  }

  private static String reason(SseReader.Frame frame) {
    try (JsonReader reader = Json.createReader(new StringReader(frame.data()))) {
      return reader.readObject().getJsonObject("data").getString("reason");
    }
  }

  private void assertNothingLogged() {
    String log = server.log().substring(logged);
    assertFalse(log.contains("WARN") || log.contains("SEVERE") || log.contains("\tat "), log);
  }

  @Test
  void aStreamEndsAfterItsLifetimeGiveOrTakeATenth() throws Exception {
    List<SseReader> streams = new ArrayList<>();
    long begun = System.nanoTime();
    for (int i = 0; i < 10; i++) {
      streams.add(admin.stream(""));
    }
    List<Long> lives = new ArrayList<>();
    for (SseReader stream : streams) {
      try (stream) {
        assertEquals("lifetime", reason(stream.next("stream.closed")));
        lives.add((System.nanoTime() - begun) / 1_000_000);
        stream.awaitCleanEnd();
      }
    }
    assertTrue(Collections.min(lives) >= 8_900, lives::toString);
    assertTrue(Collections.max(lives) <= 14_000, lives::toString);
    assertEquals(0, connections());
    assertNothingLogged();
  }

  @Test
  void aStreamEndsWithItsTokenHoweverItCameIn() throws Exception {
    Client brief = Client.of(server.base(), "brief", Duration.ofSeconds(3));
    String ticket = brief.post("/api/v1/events/tickets", "").data().getString("ticket");
    Client nobody = Client.anonymous(server.base());
    try (SseReader byHeader = brief.stream("");
        SseReader byTicket = SseReader.open(nobody.uri("/api/v1/events/stream?ticket=" + ticket));
        SseReader byQuery =
            SseReader.open(nobody.uri("/api/v1/events/stream?token=" + brief.token()))) {
      for (SseReader stream : List.of(byHeader, byTicket, byQuery)) {
        assertEquals("token_expired", reason(stream.next("stream.closed")));
        stream.awaitCleanEnd();
      }
    }
    Client.Reply again = nobody.get("/api/v1/events/stream?token=" + brief.token());
    assertEquals(401, again.status(), "who comes back with it is not let in for another moment");
    assertNothingLogged();
  }

  @Test
  void aReaderThatTakesNothingIsClosedAndToldWhenItReadsAfterAll() throws Exception {
    String data = "\"" + "x".repeat(60_000) + "\"";
    String large = "{\"event\":\"large\",\"data\":" + data + "}";
    String many = "[" + String.join(",", Collections.nCopies(15, large)) + "]";
    String start = admin.publish("mark", "1", "private");
    for (int i = 0; i < 20; i++) {
      assertEquals(200, admin.post("/api/v1/events", many).status());
    }
    String query = "/api/v1/events/stream?lastEventId=" + start;
    String bearer = "Authorization: Bearer " + admin.token();
    try (SseReader woken = SseReader.stalled(admin.uri(query), bearer);
        SseReader asleep = SseReader.stalled(admin.uri(query), bearer)) {
      await().atMost(SOON).until(() -> connections() == 0);
      woken.wake();
      long position = Long.parseLong(woken.next("connected").id());
      SseReader.Frame frame = woken.next();
      for (; frame.id() != null; frame = woken.next()) {
        assertEquals(++position, Long.parseLong(frame.id()), "no gap before the end");
      }
      assertEquals("stream.closed", frame.event());
      assertEquals("stalled", reason(frame));
      woken.awaitCleanEnd();

      try (SseReader back = admin.stream("?lastEventId=" + position)) {
        assertEquals(position, Long.parseLong(back.next("connected").id()));
        assertEquals(position + 1, Long.parseLong(back.next().id()));
      }
      asleep.wake();
      asleep.awaitCut();
    }
    assertNothingLogged();
  }

  @Test
  void aClientThatVanishesIsNoticedWithinThreeHeartbeatsWithoutAWordInTheLog() throws Exception {
    List<SseReader> streams = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      streams.add(admin.stream(""));
    }
    for (int i = 0; i < 20; i++) {
      streams.get(i).next("connected");
      if (i % 2 == 0) {
        streams.get(i).cut();
      } else {
        streams.get(i).close();
      }
    }
    await().atMost(Duration.ofMillis(4_500)).until(() -> connections() == 0);
    assertNothingLogged();
  }
}
