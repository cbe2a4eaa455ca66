package devfest.studio;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives of photos, as their senders meet them. */
class TasksIT {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String V1 = "/api/v1";
  private static final String UPLOAD = V1 + "/tasks/upload";
  private static final byte[] PHOTO = TestImages.jpeg(300, 200);

  @TempDir static Path dir;
  private static Server server;

  private Client ann;
  private Client bob;

  @BeforeAll
  static void start() throws IOException {
    server = Server.start(dir, settings());
  }

  private static String[] settings() {
    return new String[] {"studio.dev-mode=true", "studio.tasks.max-bytes=30000000"};
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void clients() {
    ann = Client.of(server.base(), "ann-" + UUID.randomUUID());
    bob = Client.of(server.base(), "bob-" + UUID.randomUUID());
  }

  private static JsonObject json(SseReader.Frame frame) {
    try (JsonReader reader = Json.createReader(new StringReader(frame.data()))) {
      return reader.readObject();
    }
  }

  private static byte[] zip(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        out.putNextEntry(new ZipEntry(entry.getKey()));
        out.write(entry.getValue());
        out.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] photos(int count, byte[] photo) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      entries.put("p" + i + ".jpg", photo);
    }
    return zip(entries);
  }

  private static String begun(Client by, byte[] archive) {
    Client.Reply reply = by.upload(UPLOAD, "file", archive, null);
    assertEquals(202, reply.status(), () -> new String(reply.bytes(), StandardCharsets.UTF_8));
    return reply.data().getString("taskId");
  }

  private static JsonObject task(Client of, String id) {
    return of.get(V1 + "/tasks/" + id).data();
  }

  @Test
  void anArchivesPhotosAreTakenInAndBadOnesAreListed() throws Exception {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("a.jpg", PHOTO);
    entries.put("notes.txt", "no photo".getBytes(StandardCharsets.UTF_8));
    entries.put("b.jpg", PHOTO);
    entries.put("broken.jpg", java.util.Arrays.copyOf(PHOTO, PHOTO.length / 2));
    Client.Reply reply = ann.upload("/api/tasks/upload", "file", zip(entries), "public");
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
    JsonObject task = task(ann, id);
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
    try (Stream<Path> files = Files.list(dir.resolve("data/archives"))) {
      return files.toList();
    }
  }

  @Test
  void eachStepIsToldOnceItIsDone() throws Exception {
    String id = begun(ann, photos(6, TestImages.jpeg(3_000, 2_000)));
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
  void whatIsNoArchiveIsRefusedAndABadOneEndsInAnErrorWithItsReason() throws Exception {
    assertEquals(415, ann.upload(UPLOAD, "file", PHOTO, null).status());
    assertEquals(400, ann.upload(UPLOAD, "file", new byte[0], null).status());
    assertEquals(400, ann.upload(UPLOAD, "other", photos(1, PHOTO), null).status());
    assertEquals(400, ann.upload(UPLOAD, "file", photos(1, PHOTO), "secret").status());
    assertEquals(413, ann.upload(UPLOAD, "file", new byte[31_000_000], null).status());
    assertEquals(401, Client.anonymous(server.base()).upload(UPLOAD, "file", PHOTO, null).status());
    String id = begun(ann, zip(Map.of("../../evil.jpg", PHOTO)));
    try (SseReader reader = ann.follow(V1 + "/tasks/" + id + "/progress")) {
      SseReader.Frame frame = reader.next(f -> f.id() != null);
      assertEquals("error", json(frame).getString("status"));
      assertTrue(json(frame).getString("error").contains("leads out"));
      reader.awaitCleanEnd();
    }
    assertEquals("error", task(ann, id).getString("status"));
  }

  @Test
  void aTaskIsItsSendersAlone() throws Exception {
    String id = begun(ann, photos(1, PHOTO));
    assertEquals(404, bob.get(V1 + "/tasks/" + id).status());
    assertEquals(404, bob.follow(V1 + "/tasks/" + id + "/progress").status());
    assertEquals(403, bob.get(V1 + "/stream?channels=tasks/" + id).status());
    assertEquals(404, ann.get(V1 + "/tasks/nix").status());
    assertNull(
        bob.get(V1 + "/events?types=task.*&after=0").items().stream().findFirst().orElse(null));
  }

  @Test
  void aSenderHasAFewTasksAtATime() throws Exception {
    byte[] archive = photos(4, TestImages.jpeg(3_000, 2_000));
    int refused = 0;
    for (int i = 0; i < 5; i++) {
      Client.Reply reply = bob.upload(UPLOAD, "file", archive, null);
      refused += reply.status() == 429 ? 1 : 0;
    }
    assertTrue(refused > 0);
  }

  @Test
  void aTaskOutlivesTheServerAndTakesNoPhotoTwice() throws Exception {
    int count = 12;
    String id = begun(ann, photos(count, TestImages.jpeg(3_000, 2_000)));
    await().atMost(LONG).until(() -> task(ann, id).getInt("progress") >= 45);
    server.kill();
    server = Server.startAt(server.base().getPort(), dir, settings());
    await().atMost(LONG).until(() -> task(ann, id).getString("status"), "completed"::equals);
    assertEquals(count, task(ann, id).getJsonArray("photos").size());
    assertEquals(count, ann.get(V1 + "/photos?limit=100").items().size());
    assertEquals(
        count, ann.get(V1 + "/events?types=photo.uploaded&limit=100&after=0").items().size());
  }
}
