package devfest.studio.transformations;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.SharedServerTest;
import devfest.studio.SseReader;
import devfest.studio.TestImages;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which public pictures others see. */
class ModerationIT extends SharedServerTest {

  private String picture(String photo) {
    return picture(ann, photo);
  }

  private static String picture(Client by, String photo) {
    String id = by.transform(photo, "vintage");
    await()
        .until(
            () ->
                by.get(V1 + "/transformations/" + id)
                    .data()
                    .getString("status")
                    .equals("completed"));
    return id;
  }

  private String photo() {
    return ann.photo(TestImages.jpeg(60, 40), "public");
  }

  private Client.Reply decide(String picture, String decision) {
    return root.post(V1 + "/transformations/" + picture + "/" + decision, "");
  }

  private boolean isRecent(Client by, String picture) {
    return by
        .get(V1 + "/transformations/recent?limit=100")
        .json()
        .getJsonArray("data")
        .getValuesAs(JsonObject.class)
        .stream()
        .anyMatch(item -> item.getString("transformationId").equals(picture));
  }

  private Optional<JsonObject> queued(String picture) {
    return root.get(V1 + "/moderation").items().getValuesAs(JsonObject.class).stream()
        .filter(item -> item.getString("transformationId").equals(picture))
        .findFirst();
  }

  private int result(String picture) {
    return nobody.get("/uploads/transformations/" + picture + ".jpg").status();
  }

  private int original(String photo) {
    return nobody.get("/uploads/photos/" + photo + ".jpg").status();
  }

  /** The types of the events that a new stream with a photo's whole past gets. */
  private List<String> past(Client by, String photo) {
    return by.get(V1 + "/events?limit=100&photoId=" + photo).items().stream()
        .map(item -> item.asJsonObject().getString("event"))
        .toList();
  }

  private void moderate(String when) {
    assertEquals(when, change("\"moderation\":\"" + when + "\"").getString("moderation"));
  }

  private void reveal(boolean now) {
    assertEquals(now, change("\"reveal\":" + now).getBoolean("reveal"));
  }

  private JsonObject change(String member) {
    Client.Reply reply =
        root.send(
            root.request(V1 + "/event")
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString("{\"name\":\"DevFest\"," + member + "}")));
    assertEquals(200, reply.status());
    return reply.data();
  }

  @Test
  void picturesAreCoveredUntilTheOrganisersRevealThem() throws Exception {
    reveal(false);
    String photo;
    String picture;
    String hidden;
    try (SseReader bobs = bob.stream("")) {
      bobs.next("connected");
      Client guest = Client.of(base(), "covered-" + UUID.randomUUID());
      photo = guest.photo(TestImages.jpeg(60, 40), "public");
      picture = picture(guest, photo);
      hidden = picture(guest, guest.photo(TestImages.jpeg(60, 40), "public"));
      assertEquals(200, decide(hidden, "hide").status());
      assertTrue(isRecent(guest, picture), "its owner");
      assertTrue(isRecent(root, picture), "organisers");
      assertFalse(isRecent(bob, picture));
      assertFalse(isRecent(nobody, picture));
      assertEquals(List.of(), past(bob, photo));
      assertEquals(404, bob.post(V1 + "/transformations/" + picture + "/report", "").status());
      reveal(true);
      JsonObject shown = json(bobs.next("picture.shown")).getJsonObject("data");
      assertEquals(picture, shown.getString("transformationId"));
      assertTrue(shown.getString("resultUrl").endsWith(picture + ".jpg"));
    } finally {
      reveal(true);
    }
    assertTrue(isRecent(bob, picture));
    assertFalse(isRecent(bob, hidden));
    await()
        .until(
            () ->
                past(bob, photo)
                    .equals(
                        List.of(
                            "photo.uploaded",
                            "transformation.started",
                            "transformation.completed",
                            "picture.shown")));
  }

  @Test
  void aPictureThatIsApprovedBeforeTheRevealIsShownWithIt() {
    change("\"moderation\":\"before\",\"reveal\":false");
    Client guest = Client.of(base(), "approved-" + UUID.randomUUID());
    String picture;
    try {
      picture = picture(guest, guest.photo(TestImages.jpeg(60, 40), "public"));
      reveal(true);
      assertFalse(isRecent(bob, picture), "it still waits for approval");
      reveal(false);
      assertEquals(200, decide(picture, "approve").status());
      assertFalse(isRecent(bob, picture));
    } finally {
      change("\"moderation\":\"after\",\"reveal\":true");
    }
    assertTrue(isRecent(bob, picture));
  }

  @Test
  void theEventsAboutARevealedPictureNameItsOwnerWithoutAnAddress() {
    Client guest = Client.of(base(), "ada-" + UUID.randomUUID() + "@example.org");
    String photo;
    String waiting;
    change("\"moderation\":\"before\"");
    try {
      waiting = guest.photo(TestImages.jpeg(60, 40), "public");
      assertEquals(200, decide(picture(guest, waiting), "approve").status());
      change("\"moderation\":\"after\",\"reveal\":false");
      photo = guest.photo(TestImages.jpeg(60, 40), "public");
      picture(guest, photo);
    } finally {
      change("\"moderation\":\"after\",\"reveal\":true");
    }
    for (String each : List.of(waiting, photo)) {
      Client.Reply past = bob.get(V1 + "/events?limit=100&photoId=" + each);
      assertEquals(4, past.items().size());
      assertFalse(past.json().toString().contains("@example.org"), past.json()::toString);
    }
  }

  @Test
  void aWaitingPictureThatWasHiddenWaitsAgainWhenItIsShown() {
    Client guest = Client.of(base(), "undone-" + UUID.randomUUID());
    String picture;
    change("\"moderation\":\"before\"");
    try {
      picture = picture(guest, guest.photo(TestImages.jpeg(60, 40), "public"));
    } finally {
      moderate("after");
    }
    assertEquals(200, decide(picture, "hide").status());
    assertEquals(200, decide(picture, "show").status());
    assertFalse(isRecent(bob, picture));
    assertTrue(queued(picture).isPresent());
    assertEquals(200, decide(picture, "approve").status());
    assertTrue(isRecent(bob, picture));
    assertEquals(200, decide(picture, "hide").status());
    assertEquals(200, decide(picture, "show").status());
    assertTrue(isRecent(bob, picture), "it had been approved");
  }

  @Test
  void anotherPictureOfAPhotoWithAHiddenOneWaitsForApproval() {
    Client guest = Client.of(base(), "again-" + UUID.randomUUID());
    String photo = guest.photo(TestImages.jpeg(60, 40), "public");
    assertEquals(200, decide(picture(guest, photo), "hide").status());
    String again = picture(guest, photo);
    assertFalse(isRecent(bob, again));
    assertTrue(queued(again).isPresent());
    assertEquals(200, decide(again, "approve").status());
    assertTrue(isRecent(bob, again));
  }

  @Test
  void aSaveWithoutModerationAndRevealLeavesThemAsTheyAre() {
    change("\"moderation\":\"before\",\"reveal\":false");
    try {
      JsonObject event = change("\"tagline\":\"Hello\"");
      assertEquals("before", event.getString("moderation"));
      assertFalse(event.getBoolean("reveal"));
    } finally {
      change("\"moderation\":\"after\",\"reveal\":true");
    }
  }

  @Test
  void aHiddenPictureIsNowhereUntilItIsShownAgain() throws Exception {
    String photo = photo();
    String picture = picture(photo);
    assertEquals(
        List.of("photo.uploaded", "transformation.started", "transformation.completed"),
        past(bob, photo));
    try (SseReader bobs = bob.stream("?photoId=" + photo)) {
      bobs.next("connected");
      assertEquals(200, decide(picture, "hide").status());
      JsonObject hidden = json(bobs.next("picture.hidden")).getJsonObject("data");
      assertEquals(picture, hidden.getString("transformationId"));
      await().until(() -> result(picture) == 404 && original(photo) == 404);
      assertFalse(isRecent(bob, picture));
      for (Client each : List.of(nobody, ann, root)) {
        assertFalse(isRecent(each, picture), each::user);
      }
      assertEquals(List.of("picture.hidden"), past(bob, photo));
      try (SseReader late = bob.stream("?replay=10&photoId=" + photo)) {
        assertEquals("picture.hidden", late.next(f -> f.event().contains(".")).event());
      }
      JsonObject own = ann.get(V1 + "/transformations/" + picture).data();
      assertEquals("completed", own.getString("status"));
      assertTrue(own.isNull("resultUrl"));
      String path = V1 + "/moderation/" + picture + "/picture";
      assertEquals("image/jpeg", root.get(path).header("Content-Type"));
      assertTrue(queued(picture).isEmpty(), "an organiser has decided");
      assertEquals(200, decide(picture, "show").status());
      JsonObject shown = json(bobs.next("picture.shown")).getJsonObject("data");
      assertTrue(shown.getString("resultUrl").contains(picture));
      await().until(() -> result(picture) == 200 && original(photo) == 200);
      assertTrue(isRecent(bob, picture));
      assertTrue(past(bob, photo).contains("transformation.completed"));
    }
  }

  @Test
  void aPhotoIsHiddenWithItsLastPicture() {
    String photo = photo();
    String one = picture(photo);
    String two = picture(photo);
    assertEquals(200, decide(one, "hide").status());
    await().until(() -> result(one) == 404);
    assertEquals(200, original(photo));
    assertEquals(200, decide(two, "hide").status());
    await().until(() -> original(photo) == 404);
    assertEquals(200, decide(one, "show").status());
    await().until(() -> original(photo) == 200);
    assertEquals(404, result(two));
  }

  @Test
  void aPhotoIsHiddenAlsoWhenItsPicturesAreHiddenAtTheSameTime() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      for (int i = 0; i < 5; i++) {
        ann = Client.of(base(), "ann-" + UUID.randomUUID()); // with a quota of its own
        String photo = photo();
        List<Callable<Integer>> hide =
            Stream.of(picture(photo), picture(photo))
                .<Callable<Integer>>map(each -> () -> decide(each, "hide").status())
                .toList();
        for (Future<Integer> status : threads.invokeAll(hide)) {
          assertEquals(200, status.get());
        }
        await().until(() -> original(photo) == 404);
        assertEquals(204, ann.delete(V1 + "/photos/" + photo).status());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void withApprovalFirstOthersSeeAPictureWhenItIsApproved() throws Exception {
    moderate("before");
    try (SseReader bobs = bob.stream("")) {
      bobs.next("connected");
      String photo = photo();
      String picture = picture(photo);
      assertTrue(isRecent(ann, picture));
      assertTrue(isRecent(root, picture));
      assertFalse(isRecent(bob, picture));
      assertEquals(List.of(), past(bob, photo));
      assertEquals("waiting", queued(picture).orElseThrow().getString("display"));
      assertEquals(200, decide(picture, "approve").status());
      SseReader.Frame first = bobs.next(f -> f.data() != null && f.data().contains(photo));
      assertEquals("picture.approved", first.event());
      assertTrue(isRecent(bob, picture));
      assertTrue(past(bob, photo).contains("photo.uploaded"));
      assertTrue(queued(picture).isEmpty());
    } finally {
      moderate("after");
    }
  }

  private Client.Reply report(Client by, String picture, String body) {
    return by.post(V1 + "/transformations/" + picture + "/report", body);
  }

  @Test
  void threeUsersWhoReportAPictureHideItUntilAnOrganiserDecides() {
    String picture = picture(photo());
    assertEquals(204, report(bob, picture, "{\"reason\":\" That is me \"}").status());
    assertEquals(204, report(bob, picture, "{}").status(), "again");
    assertEquals(204, report(publisher, picture, "{}").status());
    JsonObject reported = queued(picture).orElseThrow();
    assertEquals(2, reported.getInt("reports"));
    assertEquals(
        List.of("That is me"), reported.getJsonArray("reasons").getValuesAs(JsonString::getString));
    assertEquals("shown", reported.getString("display"));
    assertEquals(200, result(picture));
    Client eve = Client.of(base(), "eve-" + UUID.randomUUID());
    assertEquals(204, report(eve, picture, "{}").status());
    await().until(() -> result(picture) == 404);
    assertEquals("hidden", queued(picture).orElseThrow().getString("display"));
    assertEquals(404, report(bob, picture, "{}").status());
    assertEquals(200, decide(picture, "show").status());
    assertTrue(queued(picture).isEmpty());
    await().until(() -> result(picture) == 200);
    for (Client by : List.of(bob, publisher, eve)) {
      assertEquals(204, report(by, picture, "{}").status());
    }
    assertTrue(queued(picture).isEmpty(), "the organiser has decided about these reports");
    assertEquals(200, result(picture));
  }

  @Test
  void whatOthersDoNotSeeCannotBeReported() {
    String picture = picture(ann.photo(TestImages.jpeg(60, 40), "private"));
    assertEquals(404, report(bob, picture, "{}").status());
    assertEquals(404, report(bob, "nothing", "{}").status());
  }
}
