package devfest.studio.security;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.SharedServerTest;
import devfest.studio.SseReader;
import devfest.studio.TestImages;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Others see a user whose id is an e-mail address under a pseudonym. */
class PublicIdsIT extends SharedServerTest {

  private Client ada;
  private String publicId;

  @BeforeEach
  void ada() {
    ada = Client.of(base(), UUID.randomUUID() + "@example.org");
    publicId = ada.get(V1 + "/me").data().getString("publicId");
    assertTrue(publicId.startsWith("user-"), publicId);
  }

  private void assertPublic(SseReader.Frame frame) {
    assertFalse(frame.data().contains("@"), frame::data);
    assertEquals(publicId, json(frame).getString("userId"));
    JsonObject data = json(frame).getJsonObject("data");
    assertEquals(publicId, data.getString("userId"));
    String shortForm = ada.user().replace("@example.org", "");
    assertEquals(shortForm, data.getString("displayName"));
  }

  private JsonObject recent(Client by, String id) {
    return by
        .get(V1 + "/transformations/recent?limit=100")
        .json()
        .getJsonArray("data")
        .getValuesAs(JsonObject.class)
        .stream()
        .filter(item -> item.getString("transformationId").equals(id))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void publicEventsContainThePseudonymAndPrivateOnesTheUserId() throws Exception {
    try (SseReader bobs = bob.stream("");
        SseReader adas = ada.stream("?types=photo.uploaded")) {
      bobs.next("connected");
      adas.next("connected");
      String photo = ada.photo(TestImages.jpeg(60, 40), "public");
      String transformation = ada.transform(photo, "vintage");
      assertPublic(bobs.next("photo.uploaded"));
      assertPublic(bobs.next("transformation.started"));
      assertPublic(bobs.next("transformation.completed"));
      assertPublic(adas.next("photo.uploaded"));
      assertEquals(publicId, recent(bob, transformation).getString("userId"));
      assertEquals(ada.user(), recent(root, transformation).getString("userId"));
      ada.photo(TestImages.jpeg(60, 40), "private");
      SseReader.Frame own = adas.next("photo.uploaded");
      assertEquals(ada.user(), json(own).getString("userId"));
      assertEquals(ada.user(), json(own).getJsonObject("data").getString("userId"));
    }
  }

  @Test
  void aReplayAndTheHistoryContainThePseudonym() throws Exception {
    String photo = ada.photo(TestImages.jpeg(60, 40), "public");
    try (SseReader replay = bob.stream("?replay=1&photoId=" + photo)) {
      assertPublic(replay.next("photo.uploaded"));
    }
    JsonObject item = bob.get(V1 + "/events?photoId=" + photo).items().getJsonObject(0);
    assertEquals(publicId, item.getString("userId"));
  }

  @Test
  void whatAPublisherPublishesForAUserContainsThePseudonymInTheEnvelope() throws Exception {
    try (SseReader bobs = bob.stream("?types=talk.started")) {
      bobs.next("connected");
      String body =
          Json.createObjectBuilder()
              .add("event", "talk.started")
              .add("userId", ada.user())
              .add("visibility", "public")
              .add("data", 1)
              .build()
              .toString();
      assertEquals(200, publisher.post(V1 + "/events", body).status());
      assertEquals(publicId, json(bobs.next("talk.started")).getString("userId"));
    }
  }

  @Test
  void theChatShowsThePseudonym() throws Exception {
    String room = room();
    try (SseReader bobs = bob.follow(V1 + "/chat/stream?room=" + room)) {
      try (SseReader adas = ada.follow(V1 + "/chat/stream?room=" + room)) {
        assertEquals(publicId, json(bobs.next(f -> isAbout(f, "user-joined"))).getString("user"));
        assertEquals(201, say(ada, room, "hello").status());
        assertEquals(publicId, json(bobs.next("message")).getString("user"));
        assertEquals(200, adas.status());
      }
      assertEquals(publicId, json(bobs.next("user-left")).getString("user"));
    }
  }

  private boolean isAbout(SseReader.Frame frame, String type) {
    return type.equals(frame.event()) && frame.data().contains(publicId);
  }

  @Test
  void aMentionTakesThePublicId() {
    Client.Reply reply =
        bob.post(V1 + "/users/" + publicId + "/mention", "{\"text\":\"Your picture is great\"}");
    assertEquals(201, reply.status());
    await().until(() -> ada.get(V1 + "/notifications").items().size() == 1);
    Client.Reply unknown = bob.post(V1 + "/users/user-0123456789/mention", "{\"text\":\"hello\"}");
    assertEquals(404, unknown.status());
  }
}
