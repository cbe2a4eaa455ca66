package devfest.studio.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.SharedServerTest;
import devfest.studio.Socket;
import devfest.studio.SseReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The revocation of all tokens of a user. */
class UserSessionsIT extends SharedServerTest {

  private static final String STREAM = "/api/v1/events/stream";

  private static String sessions(Client of) {
    return V1 + "/users/" + of.user() + "/sessions";
  }

  private String cookie(Client of) {
    String set = of.post(V1 + "/session", "").header("Set-Cookie");
    return set.substring(0, set.indexOf(';'));
  }

  private int statusWithCookie(String path, String cookie) {
    return nobody.send(nobody.request(path).header("Cookie", cookie).GET()).status();
  }

  @Test
  void everyTokenTicketCookieAndStreamOfTheUserEnds() throws Exception {
    Client second = Client.of(base(), ann.user());
    String ticket = ann.post(V1 + "/events/tickets", "").data().getString("ticket");
    String cookie = cookie(ann);
    try (SseReader byHeader = ann.stream("");
        SseReader byToken = SseReader.open(nobody.uri(STREAM + "?token=" + second.token()));
        SseReader byCookie = SseReader.open(nobody.uri(STREAM), "Cookie: " + cookie);
        SseReader ofBob = bob.stream("");
        Socket socket = Socket.open(ann.uri("/timer/ws?token=" + ann.token()))) {
      for (SseReader each : List.of(byHeader, byToken, byCookie, ofBob)) {
        each.next("connected");
      }
      socket.next();
      CompletableFuture<Integer> poll =
          CompletableFuture.supplyAsync(
              () -> ann.get("/api/v1/events?types=never.comes&wait=PT20S").status());
      Thread.sleep(500); // so that the poll waits; if it does not yet, it is refused all the same
      long start = System.nanoTime();
      assertEquals(204, root.delete(sessions(ann)).status());
      for (SseReader each : List.of(byHeader, byToken, byCookie)) {
        assertTrue(each.next("stream.closed").data().contains("revoked"));
        each.awaitCleanEnd();
      }
      assertEquals(1_008, socket.closed());
      assertEquals(401, poll.join());
      long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
      assertTrue(millis < 5_000, millis + " ms");
      ofBob.next(frame -> String.valueOf(frame.comment()).contains("heartbeat"));
    }
    for (Client old : List.of(ann, second)) {
      assertEquals(401, old.get(V1 + "/quota").status());
      assertEquals(401, nobody.get(STREAM + "?token=" + old.token()).status());
      assertEquals(401, old.post(V1 + "/session", "").status());
      assertEquals(401, Socket.refusal(nobody.uri("/timer/ws?token=" + old.token())));
    }
    assertEquals(401, nobody.get(STREAM + "?ticket=" + ticket).status());
    assertEquals(401, statusWithCookie(STREAM, cookie));
    assertEquals(200, bob.get(V1 + "/quota").status());
  }

  @Test
  void aTokenThatIsIssuedRightAfterwardsIsAccepted() throws Exception {
    for (int i = 0; i < 5; i++) {
      Client old = Client.of(base(), ann.user());
      assertEquals(204, old.delete(sessions(old)).status(), "a user may revoke its own");
      assertEquals(401, old.delete(sessions(old)).status());
      Client fresh = Client.of(base(), ann.user());
      assertEquals(200, fresh.get(V1 + "/quota").status());
      try (SseReader stream = fresh.stream("")) {
        stream.next("connected");
        stream.next(frame -> String.valueOf(frame.comment()).contains("heartbeat"));
      }
    }
  }

  /** Opens streams until one is refused, and returns them. */
  private List<SseReader> openUntilRefused() {
    List<SseReader> opened = new ArrayList<>();
    try {
      while (true) {
        SseReader reader = ann.stream("");
        if (reader.status() == 401) {
          reader.close();
          return opened;
        }
        if (reader.status() == 200) { // 429 while the slots of the last ones are not free yet
          opened.add(reader);
        }
        if (opened.size() > 3) {
          opened.remove(0).cut();
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aStreamThatIsOpenedWhileTheUserIsRevokedEndsOrIsRefused() throws Exception {
    for (int i = 0; i < 5; i++) {
      ann = Client.of(base(), ann.user());
      CompletableFuture<List<SseReader>> opening =
          CompletableFuture.supplyAsync(this::openUntilRefused);
      Thread.sleep(200); // so that streams are being opened
      assertEquals(204, root.delete(sessions(ann)).status());
      for (SseReader reader : opening.get(1, TimeUnit.MINUTES)) {
        assertTrue(reader.next("stream.closed").data().contains("revoked"));
        reader.close();
      }
    }
  }

  @Test
  void onlyTheUserAndAdminsMayRevoke() {
    assertEquals(403, bob.delete(sessions(ann)).status());
    assertEquals(403, publisher.delete(sessions(ann)).status());
    assertEquals(401, nobody.delete(sessions(ann)).status());
    assertEquals(200, ann.get(V1 + "/quota").status());
    assertEquals(204, root.delete(V1 + "/users/was-never-here/sessions").status());
    assertEquals(404, root.delete(V1 + "/users/a%07b/sessions").status());
    assertEquals(405, root.get(sessions(ann)).status());
  }
}
