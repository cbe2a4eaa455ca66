package devfest.studio.feeds.tasks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.SharedServer;
import devfest.studio.SharedServerTest;
import devfest.studio.SseReader;
import devfest.studio.TestImages;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Archives of photos, and the tasks that unpack them. */
class TasksIT extends SharedServerTest {

  private static final String UPLOAD = V1 + "/tasks/upload";

  private static final byte[] PHOTO = TestImages.jpeg(300, 200);

  @Test
  void thePhotosOfAnArchiveAreStoredAndRejectedFilesAreListed() throws Exception {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("a.jpg", PHOTO);
    entries.put("notes.txt", "no photo".getBytes(StandardCharsets.UTF_8));
    entries.put("b.jpg", PHOTO);
    entries.put("broken.jpg", java.util.Arrays.copyOf(PHOTO, PHOTO.length / 2));
    Client.Reply reply = ann.upload("/api/tasks/upload", "file", Archives.zip(entries), "public");
    assertEquals(202, reply.status());
    String id = reply.json().getString("taskId");
    List<Integer> steps = new ArrayList<>();
    String last;
    try (SseReader reader = ann.follow("/api/tasks/" + id + "/progress")) {
      SseReader.Frame frame;
      do {
        frame = reader.next("progress");
        assertEquals(Set.of("progress", "status"), json(frame).keySet());
        steps.add(json(frame).getInt("progress"));
      } while (frame.id() == null);
      last = frame.id();
      assertEquals("completed", json(frame).getString("status"));
      reader.awaitCleanEnd();
    }
    assertEquals(steps.stream().sorted().toList(), steps, "it never goes back");
    assertEquals(100, steps.get(steps.size() - 1));
    JsonObject task = Archives.task(ann, id);
    assertEquals(
        List.of("a.jpg", "b.jpg"),
        task.getJsonArray("photos").stream()
            .map(photo -> photo.asJsonObject().getString("name"))
            .toList());
    assertEquals(
        List.of("notes.txt", "broken.jpg"),
        task.getJsonArray("refused").stream()
            .map(photo -> photo.asJsonObject().getString("name"))
            .toList());
    String photo = task.getJsonArray("photos").getJsonObject(0).getString("photoId");
    assertEquals("public", ann.get(V1 + "/photos/" + photo).data().getString("visibility"));
    assertEquals(2, ann.get(V1 + "/photos").items().size());

    String progress = V1 + "/tasks/" + id + "/progress";
    assertEquals(204, ann.send(ann.request(progress).header("Last-Event-ID", last)).status());
    try (SseReader late = ann.follow(progress)) {
      SseReader.Frame only = late.next();
      assertEquals(last, only.id(), "the end comes once");
      late.awaitCleanEnd();
    }
    await().until(() -> archives().isEmpty());
  }

  private static List<Path> archives() throws IOException {
    try (Stream<Path> files = Files.list(SharedServer.dir().resolve("data/archives"))) {
      return files.toList();
    }
  }

  @Test
  void eachCompletedStepIsReported() throws Exception {
    String id = Archives.send(ann, Archives.photos(6, TestImages.jpeg(3_000, 2_000)));
    Set<Integer> steps = new java.util.TreeSet<>();
    try (SseReader reader = ann.follow(V1 + "/stream?channels=tasks/" + id)) {
      JsonObject data;
      do {
        data =
            json(reader.next(f -> f.data() != null && f.data().contains("\"progress\"")))
                .getJsonObject("data");
        steps.add(data.getInt("progress"));
      } while (data.getString("status").equals("processing")
          || data.getString("status").equals("pending"));
    }
    assertTrue(Set.of(0, 10, 30, 40, 50, 60, 70, 80, 90, 100).containsAll(steps), steps::toString);
    assertTrue(steps.size() >= 5, steps::toString);
  }

  @Test
  void nonArchivesAreRejectedAndABadArchiveEndsWithAReason() throws Exception {
    byte[] text = "no picture".getBytes(StandardCharsets.UTF_8);
    assertEquals(415, ann.upload(UPLOAD, "file", text, null).status());
    assertEquals(400, ann.upload(UPLOAD, "file", new byte[0], null).status());
    assertEquals(400, ann.upload(UPLOAD, "other", Archives.photos(1, PHOTO), null).status());
    assertEquals(400, ann.upload(UPLOAD, "file", Archives.photos(1, PHOTO), "secret").status());
    assertEquals(413, ann.upload(UPLOAD, "file", new byte[31_000_000], null).status());
    assertEquals(401, Client.anonymous(base()).upload(UPLOAD, "file", PHOTO, null).status());
    String id = Archives.send(ann, Archives.zip(Map.of("../../evil.jpg", PHOTO)));
    try (SseReader reader = ann.follow(V1 + "/tasks/" + id + "/progress")) {
      SseReader.Frame frame = reader.next(f -> f.id() != null);
      assertEquals("error", json(frame).getString("status"));
      assertTrue(json(frame).getString("error").contains("outside the archive"));
      reader.awaitCleanEnd();
    }
    assertEquals("error", Archives.task(ann, id).getString("status"));
  }

  @Test
  void aSinglePhotoIsAlsoATask() throws Exception {
    for (String path : List.of("/api/tasks/upload", UPLOAD)) {
      Client.Reply reply = ann.upload(path, "file", PHOTO, "public");
      assertEquals(202, reply.status(), path);
      String id = reply.data().getString("taskId");
      JsonObject last = last(id);
      assertEquals("completed", last.getString("status"), path);
      assertEquals(100, last.getInt("progress"));
      JsonObject photo = Archives.task(ann, id).getJsonArray("photos").getJsonObject(0);
      assertEquals("photo.jpg", photo.getString("name"));
      assertEquals(
          200, bob.get(java.net.URI.create(photo.getString("photoUrl")).getPath()).status());
    }
    String broken = Archives.send(ann, java.util.Arrays.copyOf(PHOTO, PHOTO.length / 2));
    assertEquals("error", last(broken).getString("status"));
  }

  private JsonObject last(String task) throws Exception {
    try (SseReader reader = ann.follow("/api/tasks/" + task + "/progress")) {
      SseReader.Frame last = reader.next(frame -> frame.id() != null);
      reader.awaitCleanEnd();
      return json(last);
    }
  }

  @Test
  void anArchiveWithoutPhotosEndsInAnError() throws Exception {
    byte[] text = "no picture".getBytes(StandardCharsets.UTF_8);
    for (byte[] archive :
        List.of(
            Archives.zip(Map.of("notes.txt", text)),
            Archives.zip(Map.of("a.txt", text, "b.txt", text)),
            Archives.zip(Map.of("desktop.ini", text)),
            Archives.zip(Map.of("a/", new byte[0])))) {
      JsonObject last = last(Archives.send(ann, archive));
      assertEquals("error", last.getString("status"));
      assertTrue(last.getString("error").length() > 10, last::toString);
    }
  }

  @Test
  void anUnusualNameDoesNotFailTheArchive() throws Exception {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("a: b.jpg", PHOTO);
    entries.put("C:\\b.jpg", PHOTO);
    entries.put("c\n\0.jpg", PHOTO);
    entries.put("x".repeat(3_000) + ".jpg", PHOTO);
    entries.put("desktop.ini", "x".getBytes(StandardCharsets.UTF_8));
    String id = Archives.send(ann, Archives.zip(entries));
    assertEquals("completed", last(id).getString("status"));
    assertEquals(3, Archives.task(ann, id).getJsonArray("photos").size());
    assertEquals(1, Archives.task(ann, id).getJsonArray("refused").size());
  }

  @Test
  void aTaskIsVisibleOnlyToItsSender() throws Exception {
    String id = Archives.send(ann, Archives.photos(1, PHOTO));
    assertEquals(404, bob.get(V1 + "/tasks/" + id).status());
    assertEquals(404, bob.follow(V1 + "/tasks/" + id + "/progress").status());
    assertEquals(403, bob.get(V1 + "/stream?channels=tasks/" + id).status());
    assertEquals(404, ann.get(V1 + "/tasks/nix").status());
    assertNull(
        bob.get(V1 + "/events?types=task.*&after=0").items().stream().findFirst().orElse(null));
  }

  @Test
  void simultaneousUploadsWithTheSameKeyStartASingleTask() throws Exception {
    byte[] archive = Archives.photos(2, PHOTO);
    String key = UUID.randomUUID().toString();
    List<String> ids =
        java.util.stream.IntStream.range(0, 4)
            .parallel()
            .mapToObj(i -> bob.upload("/api/tasks/upload", "file", archive, null, key))
            .map(reply -> reply.json().getString("taskId"))
            .distinct()
            .toList();
    assertEquals(1, ids.size(), ids::toString);
    await().until(() -> Archives.task(bob, ids.get(0)).getString("status"), "completed"::equals);
    assertEquals(2, bob.get(V1 + "/photos").items().size());
    assertEquals(422, bob.upload(UPLOAD, "file", Archives.photos(3, PHOTO), null, key).status());
    await().until(() -> archives().isEmpty());
  }

  @Test
  void aUserHasThreeTasksAtATime() throws Exception {
    byte[] archive = Archives.photos(4, TestImages.jpeg(3_000, 2_000));
    List<Integer> statuses =
        java.util.stream.IntStream.range(0, 8)
            .parallel()
            .mapToObj(i -> bob.upload(UPLOAD, "file", archive, null).status())
            .toList();
    assertEquals(3, java.util.Collections.frequency(statuses, 202), statuses::toString);
    assertEquals(5, java.util.Collections.frequency(statuses, 429), statuses::toString);
  }
}
