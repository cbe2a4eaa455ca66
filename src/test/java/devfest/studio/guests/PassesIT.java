package devfest.studio.guests;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.SharedServerTest;
import devfest.studio.SseReader;
import devfest.studio.TestImages;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Passes, and the guests who come with them. */
class PassesIT extends SharedServerTest {

  private JsonObject pass(String body) {
    Client.Reply reply = root.post(V1 + "/passes", body);
    assertEquals(201, reply.status());
    return reply.data();
  }

  private static String secret(JsonObject pass) {
    String url = pass.getString("url");
    return url.substring(url.indexOf("#pass=") + "#pass=".length());
  }

  private Client.Reply redeem(String secret, String name) {
    JsonObjectBuilder body = Json.createObjectBuilder().add("pass", secret);
    if (name != null) {
      body.add("name", name);
    }
    return nobody.post(V1 + "/passes/redeem", body.build().toString());
  }

  private Client guest(JsonObject pass) {
    Client.Reply reply = redeem(secret(pass), "Ada");
    assertEquals(200, reply.status());
    return nobody.withToken(reply.data().getString("token"));
  }

  private List<JsonObject> passes() {
    return root.get(V1 + "/passes").items().getValuesAs(JsonObject.class);
  }

  @Test
  void aGuestCanUploadTransformChatAndEraseThemselves() {
    JsonObject pass = pass("{\"name\":\"Poster\"}");
    assertTrue(pass.getString("url").contains("/join#pass="), pass.getString("url"));
    assertTrue(pass.getString("qr").startsWith("<svg "));
    Client.Reply reply = redeem(secret(pass), " Ada ");
    assertEquals("no-store", reply.header("Cache-Control"));
    assertEquals("Ada", reply.data().getString("displayName"));
    assertTrue(
        Instant.parse(reply.data().getString("expiresAt"))
            .isBefore(Instant.parse(pass.getString("expiresAt")).plusSeconds(1)));
    Client guest = nobody.withToken(reply.data().getString("token"));
    JsonObject me = guest.get(V1 + "/me").data();
    assertEquals(reply.data().getString("user"), me.getString("user"));
    assertEquals(me.getString("user"), me.getString("publicId"));
    assertEquals("Ada", me.getString("displayName"));
    String photo = guest.photo(TestImages.jpeg(60, 40), null);
    guest.transform(photo, "vintage");
    assertEquals(201, say(guest, room(), "hello").status());
    assertEquals(403, guest.post(V1 + "/timer/start", "{}").status());
    assertEquals(403, guest.post(V1 + "/passes", "{}").status());
    assertEquals(404, ann.get(V1 + "/photos/" + photo).status());
    assertEquals(204, guest.delete(V1 + "/photos/" + photo).status());
    assertTrue(2 == guest.delete(V1 + "/users/" + me.getString("user")).status() / 100);
    await().until(() -> guest.get(V1 + "/me").status() == 401);
  }

  @Test
  void othersSeeTheNameOfAGuest() throws Exception {
    Client guest = guest(pass("{}"));
    String id = guest.get(V1 + "/me").data().getString("user");
    String room = room();
    try (SseReader events = ann.stream("?types=photo.uploaded,transformation.*");
        SseReader chat = ann.follow(V1 + "/chat/stream?room=" + room);
        SseReader present = guest.follow(V1 + "/chat/stream?room=" + room)) {
      events.next("connected");
      assertEquals("Ada", json(joined(chat, id)).getString("displayName"));
      String photo = guest.photo(TestImages.jpeg(60, 40), "public");
      String picture = guest.transform(photo, "vintage");
      for (String type :
          List.of("photo.uploaded", "transformation.started", "transformation.completed")) {
        SseReader.Frame frame =
            events.next(f -> type.equals(f.event()) && f.data().contains(photo));
        assertEquals("Ada", json(frame).getJsonObject("data").getString("displayName"), type);
      }
      JsonObject recent =
          ann
              .get(V1 + "/transformations/recent?limit=100")
              .json()
              .getJsonArray("data")
              .getValuesAs(JsonObject.class)
              .stream()
              .filter(item -> item.getString("transformationId").equals(picture))
              .findFirst()
              .orElseThrow();
      assertEquals("Ada", recent.getString("displayName"));
      assertEquals("Ada", say(guest, room, "hello").data().getString("displayName"));
      assertEquals("Ada", json(chat.next("message")).getString("displayName"));
      present.next("message");
    }
    JsonObject user = root.get(V1 + "/users?user=" + id).items().getJsonObject(0);
    assertEquals("Ada", user.getString("displayName"));
  }

  /** Returns the event that says that the user has joined; others may join before. */
  private static SseReader.Frame joined(SseReader chat, String user) throws InterruptedException {
    SseReader.Frame frame = chat.next("user-joined");
    while (!json(frame).getString("user").equals(user)) {
      frame = chat.next("user-joined");
    }
    return frame;
  }

  @Test
  void aPassIsListedUntilItIsDeleted() {
    JsonObject pass = pass("{\"name\":\" Entrance \",\"maxUses\":2}");
    assertEquals(200, redeem(secret(pass), null).status());
    JsonObject listed =
        passes().stream()
            .filter(other -> other.getString("passId").equals(pass.getString("passId")))
            .findFirst()
            .orElseThrow();
    assertEquals("Entrance", listed.getString("name"));
    assertEquals(pass.getString("url"), listed.getString("url"));
    assertEquals(2, listed.getInt("maxUses"));
    assertEquals(1, listed.getInt("uses"));
    assertEquals(204, root.delete(V1 + "/passes/" + pass.getString("passId")).status());
    assertEquals(404, root.delete(V1 + "/passes/" + pass.getString("passId")).status());
    assertEquals(404, redeem(secret(pass), null).status());
    assertTrue(
        passes().stream()
            .noneMatch(other -> other.getString("passId").equals(pass.getString("passId"))));
  }

  @Test
  void guestsWithoutANameGetOneOfTheirOwn() {
    JsonObject pass = pass("{}");
    String one = redeem(secret(pass), null).data().getString("displayName");
    String two = redeem(secret(pass), " ").data().getString("displayName");
    assertTrue(one.startsWith("Guest "), one);
    assertNotEquals(one, two);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "0123456789abcdefghij-_", "0123456789abcdefghij-\u0000"})
  void anUnknownPassLetsNobodyIn(String secret) {
    assertEquals(404, redeem(secret, "Ada").status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"expiresAt\":\"tomorrow\"}",
        "{\"expiresAt\":\"2999-01-01T00:00:00Z\"}",
        "{\"maxUses\":0}",
        "{\"maxUses\":\"2\"}",
        "{\"name\":\"a\\nb\"}"
      })
  void aPassWithImpossibleRulesIsRefused(String body) {
    assertEquals(400, root.post(V1 + "/passes", body).status());
  }

  @Test
  void aPassThatEndsInThePastIsRefused() {
    Client.Reply reply = root.post(V1 + "/passes", "{\"expiresAt\":\"2020-01-01T00:00:00Z\"}");
    assertEquals(422, reply.status());
    assertEquals("not_in_the_future", reply.json().getJsonObject("error").getString("code"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ada@example.org", "a\nb", "\u202eevil"})
  void aNameThatMayNotBeShownIsRefused(String name) {
    assertEquals(400, redeem(secret(pass("{}")), name).status());
  }

  @Test
  void aPassExpires() {
    JsonObject pass = pass("{\"expiresAt\":\"" + Instant.now().plusSeconds(2) + "\"}");
    Client guest = guest(pass);
    await().until(() -> redeem(secret(pass), null).status() == 404);
    assertEquals(404, guest.post(V1 + "/passes/renew", "").status());
    await().until(() -> guest.get(V1 + "/me").status() == 401);
  }

  @Test
  void ofManyWhoJoinAtOnceOnlyAsManyAsThePassAllowsGetIn() throws Exception {
    String secret = secret(pass("{\"maxUses\":5}"));
    ExecutorService threads = Executors.newFixedThreadPool(20);
    try {
      Callable<Integer> join = () -> redeem(secret, "Ada").status();
      List<Integer> statuses = new ArrayList<>();
      for (Future<Integer> status : threads.invokeAll(Collections.nCopies(20, join))) {
        statuses.add(status.get());
      }
      assertEquals(5, Collections.frequency(statuses, 200), statuses::toString);
      assertEquals(15, Collections.frequency(statuses, 404), statuses::toString);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aGuestRenewsTheTokenAndStaysTheSameUser() {
    JsonObject pass = pass("{\"maxUses\":1}");
    Client guest = guest(pass);
    Client.Reply reply = guest.post(V1 + "/passes/renew", "");
    assertEquals(200, reply.status());
    Client renewed = nobody.withToken(reply.data().getString("token"));
    assertEquals(
        guest.get(V1 + "/me").data().getString("user"),
        renewed.get(V1 + "/me").data().getString("user"));
    assertEquals(404, ann.post(V1 + "/passes/renew", "").status(), "no guest");
  }

  @Test
  void deletingAPassEndsTheTokensSessionsAndStreamsOfItsGuests() throws Exception {
    JsonObject pass = pass("{}");
    Client guest = guest(pass);
    Client other = guest(pass("{}"));
    try (SseReader stream = guest.stream("")) {
      stream.next("connected");
      assertEquals(204, root.delete(V1 + "/passes/" + pass.getString("passId")).status());
      stream.next("stream.closed");
    }
    assertEquals(401, guest.get(V1 + "/me").status());
    assertEquals(401, guest.post(V1 + "/passes/renew", "").status());
    assertEquals(200, other.get(V1 + "/me").status());
  }
}
