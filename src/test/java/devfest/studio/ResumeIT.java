package devfest.studio;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Resuming: after pruning, with another log, and after a full socket. */
class ResumeIT {

  @TempDir Path dir;

  private static JsonObject data(SseReader.Frame frame) {
    return TestJson.json(frame.data()).getJsonObject("data");
  }

  @Test
  void pruningIsReportedToResumingAndToSlowClients() throws Exception {
    try (Server server =
        Server.start(
            dir,
            "-Xmx1g",
            "studio.dev-mode=true",
            "studio.stream.heartbeat=PT1S",
            "studio.github.webhook-secret=secret",
            "studio.events.retention=PT6S")) {
      Client admin = Client.of(server.base(), "root", "admin");
      Hooks hooks = new Hooks(Client.anonymous(server.base()), Hooks.SHARED, "secret");
      assertEquals(202, hooks.deliver("star").status());
      assertEquals(1, admin.get("/api/v1/github/events").items().size());
      String first = admin.publish("mark", "1", "private");
      admin.publish("mark", "2", "private");
      SseReader slow =
          SseReader.stalled(
              admin.uri("/api/v1/events/stream?lastEventId=" + first),
              "Authorization: Bearer " + admin.token());
      try (slow) {
        String data = "\"" + "x".repeat(60_000) + "\"";
        String large = "{\"event\":\"large\",\"data\":" + data + "}";
        String many = "[" + String.join(",", Collections.nCopies(15, large)) + "]";
        for (int i = 0; i < 20; i++) {
          assertEquals(200, admin.post("/api/v1/events", many).status());
        }
        await().until(() -> admin.get("/api/v1/events?limit=1").items().isEmpty());
        await().until(() -> admin.get("/api/v1/github/events").items().isEmpty());
        String oldest = admin.publish("after", "1", "private");

        for (int cut = 0;
            cut < 2;
            cut++) { // once more, as if the connection broke before the reset
          try (SseReader back = admin.stream("?lastEventId=" + first)) {
            assertNull(back.next("connected").id());
            SseReader.Frame reset = back.next();
            assertEquals("stream.reset", reset.event());
            assertEquals("expired", data(reset).getString("reason"));
            assertEquals(oldest, data(reset).getString("oldest"));
            assertEquals(Long.toString(Long.parseLong(oldest) - 1), reset.id());
            assertEquals(oldest, back.next("after").id());
          }
        }

        slow.wake();
        long position = Long.parseLong(slow.next("connected").id());
        SseReader.Frame frame = slow.next();
        while (!"stream.reset".equals(frame.event())) {
          assertEquals(++position, Long.parseLong(frame.id()));
          frame = slow.next();
        }
        assertEquals("expired", data(frame).getString("reason"));
        assertTrue(Long.parseLong(frame.id()) > position, "there is a gap, and it is told");
        String next = slow.next(f -> f.id() != null).id();
        assertEquals(Long.parseLong(frame.id()) + 1, Long.parseLong(next));
      }
      assertEquals(
          300,
          admin.get("/api/v1/events/stats").data().getJsonObject("eventsByType").getInt("large"));
    }
  }

  @Test
  void aRestoredDatabaseStartsANewOriginSoOldPositionsAreReset() throws Exception {
    String old;
    try (Server server = Server.start(dir, "studio.dev-mode=true")) {
      old = Client.of(server.base(), "root", "admin").publish("mark", "1", "private");
    }
    try (Server server =
            Server.start(dir, "studio.dev-mode=true", "studio.events.new-origin=true");
        SseReader back =
            Client.of(server.base(), "root", "admin").stream("", "Last-Event-ID: " + old)) {
      Client admin = Client.of(server.base(), "root", "admin");
      assertNull(back.next("connected").id());
      SseReader.Frame reset = back.next("stream.reset");
      assertEquals("unknown", data(reset).getString("reason"));
      String next = admin.publish("after", "1", "private");
      assertEquals(next, back.next("after").id());
      assertEquals(Long.parseLong(reset.id()) + 1, Long.parseLong(next));
      assertTrue(Long.parseLong(next) > Long.parseLong(old) + 1_000_000);
      assertEquals(
          List.of(old, next),
          admin.get("/api/v1/events").items().stream()
              .map(item -> item.asJsonObject().getString("id"))
              .toList(),
          "what was restored can still be read");
      try (SseReader replay = admin.stream("?replay=2")) {
        assertEquals(old, replay.next("mark").id());
        assertEquals(next, replay.next("after").id());
      }
    }
  }

  /**
   * Events fill the socket completely, and then nothing more is published. The server must send the
   * pending events as soon as the client reads again.
   */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux tells how full a socket is")
  void aSlowClientGetsTheLastEventsWithoutLaterOnes() throws Exception {
    try (Server server =
        Server.start(dir, "studio.dev-mode=true", "studio.stream.heartbeat=PT10M")) {
      Client admin = Client.of(server.base(), "root", "admin");
      SseReader slow =
          SseReader.stalled(
              admin.uri("/api/v1/events/stream?types=small"),
              "Authorization: Bearer " + admin.token());
      try (slow) {
        List<String> ids = new ArrayList<>(publish(admin, 190));
        ids.addAll(publish(admin, 190));
        long queued = -1;
        while (queued < Kernel.unsent(server.base().getPort(), slow.port())) {
          queued = Kernel.unsent(server.base().getPort(), slow.port());
          ids.addAll(publish(admin, 1));
          TimeUnit.MILLISECONDS.sleep(45);
        }
        slow.wake();
        for (String id : ids) {
          assertEquals(id, slow.next("small").id());
        }
      }
    }
  }

  private static List<String> publish(Client client, int count) {
    String event = "{\"event\":\"small\",\"data\":\"" + "x".repeat(5_000) + "\"}";
    List<String> ids = new ArrayList<>();
    client
        .post("/api/v1/events", "[" + String.join(",", Collections.nCopies(count, event)) + "]")
        .json()
        .getJsonArray("eventIds")
        .forEach(id -> ids.add(((jakarta.json.JsonString) id).getString()));
    return ids;
  }
}
