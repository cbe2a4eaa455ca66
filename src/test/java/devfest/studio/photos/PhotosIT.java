package devfest.studio.photos;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.SharedServerTest;
import devfest.studio.SseReader;
import devfest.studio.TestImages;
import jakarta.json.JsonObject;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Uploads, the files that are served, and the list of photos. */
class PhotosIT extends SharedServerTest {

  private static final byte[] LARGE = TestImages.jpeg(1500, 2000);

  private static final byte[] PHOTO = TestImages.jpeg(900, 600);

  private static String path(String url) {
    return URI.create(url).getPath();
  }

  @Test
  void anInvalidPhotoIsRejectedWithAReason() {
    assertEquals(415, ann.upload("<svg/>".getBytes(StandardCharsets.UTF_8), null).status());
    assertEquals(422, ann.upload(Arrays.copyOf(PHOTO, PHOTO.length / 2), null).status());
    assertEquals(400, ann.upload(new byte[0], null).status());
    assertEquals(400, ann.upload("/api/v1/photos", "other", PHOTO, null).status());
    assertEquals(400, ann.upload(PHOTO, "everybody").status());
    // within the limit, so it is looked at, though some servers have lower limits of their own
    assertEquals(415, ann.upload(new byte[25 * 1024 * 1024], null).status());
    assertEquals(413, ann.upload(new byte[26 * 1024 * 1024], null).status());
    assertEquals(415, ann.post("/api/v1/photos", "{}").status());
  }

  @Test
  void anUploadHasOneFileAndOneVisibility() {
    for (List<String> parts :
        List.of(List.of("file", "file"), List.of("file", "photo"), List.of("photo", "photo"))) {
      for (String path : List.of("/api/v1/photos", "/api/v1/tasks/upload")) {
        Client.Reply reply = ann.upload(path, parts, PHOTO, "private", "");
        assertEquals(400, reply.status());
        String detail = reply.json().getString("detail");
        assertTrue(detail.contains("'file' or 'photo'") && detail.contains("has 2"), detail);
      }
    }
    Client.Reply twice =
        ann.upload("/api/v1/photos", List.of("visibility", "file"), PHOTO, "private", "");
    assertEquals(400, twice.status());
    assertTrue(twice.json().getString("detail").contains("'visibility'"));
    assertEquals(0, ann.get("/api/v1/photos").data().getJsonArray("items").size());
  }

  @Test
  void phoneFormatsAreRejectedWithAdvice() {
    byte[] heic = "\0\0\0\30ftypheic\0\0\0\0mif1heic".getBytes(StandardCharsets.ISO_8859_1);
    Client.Reply reply = ann.upload(heic, null);
    assertEquals(415, reply.status());
    String detail = reply.json().getString("detail");
    assertTrue(detail.contains("HEIC") && detail.contains("Most Compatible"), detail);
  }

  @Test
  void storedPhotosAreUprightAndHaveNoMetadata() {
    byte[] exif = {
      'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6,
      0, 0, 0, 0, 0, 0
    };
    byte[] segment = new byte[exif.length + 4];
    ByteBuffer.wrap(segment).put((byte) 0xFF).put((byte) 0xE1).putShort((short) 34).put(exif);
    byte[] upload = new byte[PHOTO.length + segment.length];
    ByteBuffer.wrap(upload).put(PHOTO, 0, 2).put(segment).put(PHOTO, 2, PHOTO.length - 2);
    JsonObject photo = ann.upload(upload, null).data();
    assertTrue(photo.getInt("width") < photo.getInt("height"), photo.toString());
    byte[] stored = nobody.get(path(photo.getString("photoUrl"))).bytes();
    assertFalse(new String(stored, StandardCharsets.ISO_8859_1).contains("Exif"));
  }

  @Test
  void imagesAreServedWithValidatorsAndRanges() {
    String path = "/uploads/photos/" + ann.photo(PHOTO, null) + ".jpg";
    Client.Reply whole = nobody.get(path);
    assertEquals(200, whole.status());
    assertEquals("image/jpeg", whole.header("Content-Type"));
    assertEquals("nosniff", whole.header("X-Content-Type-Options"));
    assertEquals("private, no-cache", whole.header("Cache-Control"));
    String etag = whole.header("ETag");
    assertEquals(304, nobody.send(nobody.request(path).header("If-None-Match", etag)).status());
    Client.Reply part = nobody.send(nobody.request(path).header("Range", "bytes=10-19"));
    assertEquals(206, part.status());
    assertArrayEquals(Arrays.copyOfRange(whole.bytes(), 10, 20), part.bytes());
    assertEquals("bytes 10-19/" + whole.bytes().length, part.header("Content-Range"));
    assertEquals(
        416, nobody.send(nobody.request(path).header("Range", "bytes=99999999-")).status());
    for (String bad : List.of("/uploads/", "/uploads/photos/x.jpg", "/uploads/..%2fdev-key.json")) {
      assertTrue(nobody.get(bad).status() >= 400, bad);
    }
  }

  @Test
  void largePhotosAreServedInSmallerSizesAndSmallOnesInFull() throws IOException {
    String large = ann.photo(LARGE, null);
    BufferedImage medium = read("/uploads/photos/medium/" + large + ".jpg");
    assertEquals(1080, medium.getWidth());
    assertEquals(1440, medium.getHeight());
    String small = ann.photo(PHOTO, null);
    assertArrayEquals(
        nobody.get("/uploads/photos/" + small + ".jpg").bytes(),
        nobody.get("/uploads/photos/medium/" + small + ".jpg").bytes());
    assertArrayEquals(
        nobody.get("/uploads/photos/thumbnails/" + large + ".jpg").bytes(),
        nobody.get("/uploads/photos/small/" + large + ".jpg").bytes());
    String none = UUID.randomUUID().toString();
    assertEquals(404, nobody.get("/uploads/photos/medium/" + none + ".jpg").status());
    assertEquals(404, nobody.get("/uploads/photos/small/" + none + ".jpg").status());
  }

  private BufferedImage read(String path) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(nobody.get(path).bytes()));
  }

  @Test
  void photosAreListedNewestFirstInPages() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ids.add(0, ann.photo(PHOTO, null));
    }
    Client.Reply first = ann.get("/api/v1/photos?limit=2");
    assertEquals(ids.get(0), first.items().getJsonObject(0).getString("photoId"));
    assertEquals(ids.get(1), first.items().getJsonObject(1).getString("photoId"));
    Client.Reply second =
        ann.get("/api/v1/photos?limit=2&cursor=" + first.data().getString("next"));
    assertEquals(ids.get(2), second.items().getJsonObject(0).getString("photoId"));
    assertTrue(second.data().isNull("next"));
    assertEquals(400, ann.get("/api/v1/photos?limit=0").status());
    assertEquals(400, ann.get("/api/v1/photos?limit=many").status());
    assertEquals(400, ann.get("/api/v1/photos?cursor=%2A").status());
  }

  @Test
  void deletingAPhotoDeletesEverythingMadeFromIt() throws Exception {
    String photoId = ann.photo(LARGE, null);
    String id = ann.transform(photoId, "vintage");
    await()
        .until(
            () ->
                ann.get("/api/v1/transformations/" + id)
                    .data()
                    .getString("status")
                    .equals("completed"));
    try (SseReader stream = ann.stream("?types=photo.deleted")) {
      stream.next("connected");
      assertEquals(204, ann.delete("/api/v1/photos/" + photoId).status());
      assertEquals(
          photoId,
          json(stream.next("photo.deleted").data()).getJsonObject("data").getString("photoId"));
    }
    assertEquals(404, ann.get("/api/v1/photos/" + photoId).status());
    assertEquals(404, ann.get("/api/v1/transformations/" + id).status());
    for (String file :
        List.of(
            "photos/" + photoId,
            "photos/thumbnails/" + photoId,
            "photos/medium/" + photoId,
            "transformations/" + id,
            "transformations/thumbnails/" + id,
            "transformations/small/" + id,
            "transformations/medium/" + id)) {
      await() // files are deleted soon after the commit
          .until(() -> nobody.get("/uploads/" + file + ".jpg").status() == 404);
    }
    assertEquals(404, ann.delete("/api/v1/photos/" + photoId).status());
  }
}
