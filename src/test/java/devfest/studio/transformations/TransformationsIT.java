package devfest.studio.transformations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.SharedServerTest;
import devfest.studio.SseReader;
import devfest.studio.TestImages;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** A transformation from its order to its picture. */
class TransformationsIT extends SharedServerTest {

  private static final byte[] PHOTO = TestImages.jpeg(900, 600);

  private static final byte[] LARGE = TestImages.jpeg(4000, 3000);

  private static String path(String url) {
    return URI.create(url).getPath();
  }

  @Test
  void anUploadAndItsTransformationAreReportedStepByStep() throws Exception {
    try (SseReader stream = ann.stream("")) {
      stream.next("connected");
      Client.Reply upload = ann.upload(PHOTO, null);
      assertEquals(201, upload.status());
      JsonObject photo = upload.data();
      String photoId = photo.getString("photoId");
      assertTrue(upload.header("Location").endsWith("/api/v1/photos/" + photoId));
      assertEquals("private", photo.getString("visibility"));
      assertEquals("jpeg", photo.getString("format"));
      assertEquals(900, photo.getInt("width"));
      assertTrue(photo.getString("uploadedAt").matches("\\d{4}-.*T.*\\.\\d{3}Z"));
      String id = ann.transform(photoId, "vintage");

      List<SseReader.Frame> seen = new ArrayList<>();
      do {
        seen.add(stream.next());
      } while (!"transformation.completed".equals(seen.get(seen.size() - 1).event()));

      List<SseReader.Frame> logged = seen.stream().filter(frame -> frame.id() != null).toList();
      assertEquals(
          List.of("photo.uploaded", "transformation.started", "transformation.completed"),
          logged.stream().map(SseReader.Frame::event).toList());
      List<Double> progress =
          seen.stream()
              .filter(frame -> frame.event().equals("transformation.progress"))
              .peek(frame -> assertNull(frame.id(), "progress is not kept in the log"))
              .map(frame -> json(frame.data()).getJsonObject("data"))
              .peek(data -> assertNotNull(data.getString("currentStep")))
              .map(data -> data.getJsonNumber("progress").doubleValue())
              .toList();
      assertFalse(progress.isEmpty());
      assertEquals(progress.stream().sorted().toList(), progress);

      JsonObject completed = json(logged.get(2).data());
      assertEquals(logged.get(2).id(), completed.getString("id"));
      assertEquals("transformation.completed", completed.getString("event"));
      JsonObject data = completed.getJsonObject("data");
      assertEquals(
          Set.of("transformationId", "userId", "displayName", "photoId", "styleId", "resultUrl"),
          data.keySet());
      assertEquals(id, data.getString("transformationId"));

      JsonObject status = ann.get("/api/v1/transformations/" + id + "/status").data();
      assertEquals("completed", status.getString("status"));
      assertEquals(1, status.getJsonNumber("progress").doubleValue());
      BufferedImage result =
          ImageIO.read(
              new ByteArrayInputStream(nobody.get(path(data.getString("resultUrl"))).bytes()));
      assertEquals(900, result.getWidth());
      BufferedImage thumbnail =
          ImageIO.read(
              new ByteArrayInputStream(nobody.get(path(photo.getString("thumbnailUrl"))).bytes()));
      assertEquals(300, thumbnail.getWidth());
      assertEquals(200, thumbnail.getHeight());
    }
  }

  @Test
  void theOlderPathsOfUploadAndTransformReturnTheSame() {
    Client.Reply upload = ann.upload("/api/v1/upload", "photo", PHOTO, "public");
    assertEquals(201, upload.status());
    assertEquals("public", upload.data().getString("visibility"));
    Client.Reply order =
        ann.post(
            "/api/v1/transform",
            "{\"photoId\":\"" + upload.data().getString("photoId") + "\",\"styleId\":\"modern\"}");
    assertEquals(202, order.status());
    assertEquals("queued", order.data().getString("status"));
    assertEquals(
        Set.of("self", "status", "cancel", "events"), order.data().getJsonObject("links").keySet());
  }

  @Test
  void aLargeResultIsServedInSmallerSizes() throws Exception {
    String id = ann.transform(ann.photo(LARGE, null), "modern");
    try (SseReader stream = ann.stream("?replay=100&transformationId=" + id)) {
      SseReader.Frame completed = stream.next("transformation.completed");
      assertNotNull(completed);
    }
    Map<String, Integer> widths = Map.of("small", 480, "thumbnails", 720, "medium", 1440);
    for (Map.Entry<String, Integer> width : widths.entrySet()) {
      String path = "/uploads/transformations/" + width.getKey() + '/' + id + ".jpg";
      BufferedImage copy = ImageIO.read(new ByteArrayInputStream(nobody.get(path).bytes()));
      assertEquals(width.getValue(), copy.getWidth(), path);
      assertEquals(width.getValue() * 3 / 4, copy.getHeight(), path);
    }
  }

  @Test
  void aTransformationIsCancelledOnceAndItsWorkStops() throws Exception {
    String photoId = ann.photo(LARGE, null);
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 3; i++) { // one at a time is worked on
      ids.add(ann.transform(photoId, "painting"));
    }
    String last = ids.get(2);
    try (SseReader stream = ann.stream("?replay=100&transformationId=" + last)) {
      Client.Reply cancelled = ann.delete("/api/v1/transformations/" + last);
      assertEquals(200, cancelled.status());
      assertEquals("cancelled", cancelled.data().getString("status"));
      stream.next("transformation.cancelled");
      assertEquals(409, ann.delete("/api/v1/transformations/" + last).status());
      assertEquals(409, ann.post("/api/v1/transformations/" + last + "/retry", "").status());
      assertEquals(204, ann.delete("/api/v1/photos/" + photoId).status());
      assertEquals(List.of(), stream.during(Duration.ofSeconds(2)), "nothing follows the end");
    }
    JsonValue left = ann.get("/api/v1/transformations").data().get("items");
    assertEquals(JsonValue.EMPTY_JSON_ARRAY, left);
  }
}
