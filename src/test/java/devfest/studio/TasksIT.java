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

/** Archives of photos, and the assistant's answers, as their clients meet them. */
class TasksIT {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String V1 = "/api/v1";
  private static final String UPLOAD = V1 + "/tasks/upload";
  private static final byte[] PHOTO = TestImages.jpeg(300, 200);

  @TempDir static Path dir;
  private static Server server;
  private static Model model;

  private Client ann;
  private Client bob;

  @BeforeAll
  static void start() throws IOException {
    model = new Model();
    server = Server.start(dir, settings());
  }

  private static String[] settings() {
    return new String[] {
      "studio.dev-mode=true",
      "studio.stream.heartbeat=PT1S",
      "studio.tasks.max-bytes=30000000",
      "studio.assistant.base-url=" + model.baseUrl(),
      "studio.assistant.model=test-model",
      "studio.assistant.timeout=PT3S"
    };
  }

  @AfterAll
  static void stop() {
    server.close();
    model.close();
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
    byte[] text = "no picture".getBytes(StandardCharsets.UTF_8);
    assertEquals(415, ann.upload(UPLOAD, "file", text, null).status());
    assertEquals(400, ann.upload(UPLOAD, "file", new byte[0], null).status());
    assertEquals(400, ann.upload(UPLOAD, "other", photos(1, PHOTO), null).status());
    assertEquals(400, ann.upload(UPLOAD, "file", photos(1, PHOTO), "secret").status());
    assertEquals(413, ann.upload(UPLOAD, "file", new byte[31_000_000], null).status());
    assertEquals(401, Client.anonymous(server.base()).upload(UPLOAD, "file", PHOTO, null).status());
    String id = begun(ann, zip(Map.of("../../evil.jpg", PHOTO)));
    try (SseReader reader = ann.follow(V1 + "/tasks/" + id + "/progress")) {
      SseReader.Frame frame = reader.next(f -> f.id() != null);
      assertEquals("error", json(frame).getString("status"));
      assertTrue(json(frame).getString("error").contains("outside the archive"));
      reader.awaitCleanEnd();
    }
    assertEquals("error", task(ann, id).getString("status"));
  }

  @Test
  void aSinglePictureIsATaskToo() throws Exception {
    for (String path : List.of("/api/tasks/upload", UPLOAD)) {
      Client.Reply reply = ann.upload(path, "file", PHOTO, "public");
      assertEquals(202, reply.status(), path);
      String id = reply.data().getString("taskId");
      JsonObject last = last(id);
      assertEquals("completed", last.getString("status"), path);
      assertEquals(100, last.getInt("progress"));
      JsonObject photo = task(ann, id).getJsonArray("photos").getJsonObject(0);
      assertEquals("photo.jpg", photo.getString("name"));
      assertEquals(
          200, bob.get(java.net.URI.create(photo.getString("photoUrl")).getPath()).status());
    }
    String broken = begun(ann, java.util.Arrays.copyOf(PHOTO, PHOTO.length / 2));
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
  void anArchiveWithoutAnyPictureEndsAsAnError() throws Exception {
    byte[] text = "no picture".getBytes(StandardCharsets.UTF_8);
    for (byte[] archive :
        List.of(
            zip(Map.of("notes.txt", text)),
            zip(Map.of("a.txt", text, "b.txt", text)),
            zip(Map.of("desktop.ini", text)),
            zip(Map.of("a/", new byte[0])))) {
      JsonObject last = last(begun(ann, archive));
      assertEquals("error", last.getString("status"));
      assertTrue(last.getString("error").length() > 10, last::toString);
    }
  }

  @Test
  void anOddNameDoesNotFailTheArchive() throws Exception {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("a: b.jpg", PHOTO);
    entries.put("C:\\b.jpg", PHOTO);
    entries.put("c\n\0.jpg", PHOTO);
    entries.put("x".repeat(3_000) + ".jpg", PHOTO);
    entries.put("desktop.ini", "x".getBytes(StandardCharsets.UTF_8));
    String id = begun(ann, zip(entries));
    assertEquals("completed", last(id).getString("status"));
    assertEquals(3, task(ann, id).getJsonArray("photos").size());
    assertEquals(1, task(ann, id).getJsonArray("refused").size());
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
  void theSameUploadByTheSameKeyIsOneTask() throws Exception {
    byte[] archive = photos(2, PHOTO);
    String key = UUID.randomUUID().toString();
    List<String> ids =
        java.util.stream.IntStream.range(0, 4)
            .parallel()
            .mapToObj(i -> bob.upload("/api/tasks/upload", "file", archive, null, key))
            .map(reply -> reply.json().getString("taskId"))
            .distinct()
            .toList();
    assertEquals(1, ids.size(), ids::toString);
    await()
        .atMost(LONG)
        .until(() -> task(bob, ids.get(0)).getString("status"), "completed"::equals);
    assertEquals(2, bob.get(V1 + "/photos").items().size());
    assertEquals(422, bob.upload(UPLOAD, "file", photos(3, PHOTO), null, key).status());
    await().until(() -> archives().isEmpty());
  }

  @Test
  void aSenderHasAFewTasksAtATime() throws Exception {
    byte[] archive = photos(4, TestImages.jpeg(3_000, 2_000));
    List<Integer> statuses =
        java.util.stream.IntStream.range(0, 8)
            .parallel()
            .mapToObj(i -> bob.upload(UPLOAD, "file", archive, null).status())
            .toList();
    assertEquals(3, java.util.Collections.frequency(statuses, 202), statuses::toString);
    assertEquals(5, java.util.Collections.frequency(statuses, 429), statuses::toString);
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

  // ---- the assistant

  private static final String ANSWER = " Hello,\n\n  world\n!";

  private static String path(String query) {
    return V1 + "/assistant/stream?" + query;
  }

  private static String answer(SseReader reader, String end) throws InterruptedException {
    StringBuilder text = new StringBuilder();
    SseReader.Frame frame = reader.next();
    for (; "token".equals(frame.event()); frame = reader.next()) {
      text.append(frame.data());
    }
    assertEquals(end, frame.event(), frame::toString);
    return text.toString();
  }

  @Test
  void anAnswerComesTokenByTokenAndNothingOfItIsLost() throws Exception {
    try (SseReader reader = ann.follow(path("prompt=hi%20there"))) {
      SseReader.Frame start = reader.next();
      assertEquals("start", start.event());
      assertEquals("hi there", json(start).getString("prompt"));
      assertEquals(ANSWER, answer(reader, "complete"));
      reader.awaitCleanEnd();
    }
    try (SseReader reader = ann.follow("/chat-stream?q=hi")) {
      assertEquals(ANSWER, answer(reader, "done"));
      reader.awaitCleanEnd();
    }
    try (SseReader reader = ann.follow(path("prompt=hi&format=json"))) {
      reader.next("start");
      assertEquals(" Hello", json(reader.next("token")).getString("token"));
      assertEquals(",\n\n", json(reader.next("token")).getString("token"));
      assertEquals("test-model", json(reader.next("complete")).getString("engine"));
    }
  }

  @Test
  void byTheLiteralPathsAnAnswerEndsWithEmptyDataAndAGreetingNeedsNoPrompt() throws Exception {
    for (String path : List.of("/chat-stream?q=hi", "/chat-stream?q=", "/chat-stream")) {
      try (SseReader reader = ann.follow(path)) {
        assertEquals("", reader.next("done").data(), path);
        reader.awaitCleanEnd();
      }
    }
    try (SseReader reader = ann.follow("/ai-stream?prompt=hi")) {
      assertEquals("hi", json(reader.next("start")).getString("prompt"));
      assertEquals("", reader.next("complete").data());
      reader.awaitCleanEnd();
    }
    assertEquals(400, ann.get("/ai-stream").status());
    assertEquals(400, ann.get(path("")).status());
  }

  @Test
  void aReasonThatNobodyKnowsEndsAnAnswerAllTheSame() throws Exception {
    for (String way : List.of("odd", "reasonless")) {
      try (SseReader reader = ann.follow(path("prompt=" + way))) {
        reader.next("start");
        assertEquals(ANSWER, answer(reader, "complete"), way);
      }
    }
  }

  @Test
  void aPromptMayBeSentInTheBodyWhereNoUrlWouldHoldIt() throws Exception {
    String prompt = "写".repeat(4_000);
    String body = "{\"prompt\":\"%s\",\"format\":\"json\"}";
    Client.Reply reply = ann.post(path(""), body.formatted(prompt));
    assertEquals(200, reply.status());
    String answer = new String(reply.bytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertTrue(answer.contains(prompt), "it comes first");
    assertTrue(answer.contains("event: token\ndata: {\"token\":\" Hello\"}\n"), answer);
    assertTrue(answer.contains("event: complete\n"), answer);
    assertEquals(400, ann.post(path(""), body.formatted(prompt + "x")).status());
    for (String bad :
        List.of("{\"q\":\"x\"}", "null", "{}", "{\"prompt\":\"x\",\"format\":\"xml\"}")) {
      assertEquals(400, ann.post(path(""), bad).status(), bad);
    }
    assertEquals(401, Client.anonymous(server.base()).post(path(""), body.formatted("x")).status());
  }

  @Test
  void aReconnectNeverRunsThePromptAgain() throws Exception {
    String first;
    String last;
    try (SseReader reader = ann.follow(path("prompt=once"))) {
      first = reader.next(frame -> frame.id() != null).id();
      last = reader.next("complete").id();
    }
    int asked = model.asked.get();
    for (String id : List.of(first, last)) {
      assertEquals(
          204, ann.send(ann.request(path("prompt=once")).header("Last-Event-ID", id)).status());
    }
    assertEquals(asked, model.asked.get());
  }

  @Test
  void aModelThatFailsStallsOrBreaksOffEndsTheAnswerWithTheReason() throws Exception {
    for (String way : List.of("refuse", "stall", "mute", "break", "unfinished")) {
      try (SseReader reader = ann.follow(path("q=" + way))) {
        SseReader.Frame failed = reader.next("failed");
        assertTrue(failed.id() != null, way);
        assertTrue(!json(failed).getString("reason").isEmpty(), way);
        reader.awaitCleanEnd();
      }
    }
    try (SseReader reader = ann.follow(path("q=again"))) {
      assertEquals(ANSWER, answer(reader, "done"), "the turn is free again");
    }
    await("no line is held").atMost(LONG).until(() -> model.answering.get() == 0);
  }

  @Test
  void oneAnswerAtATimeAndTheModelIsStoppedWhenItsReaderLeaves() throws Exception {
    SseReader reader = bob.follow(path("q=endless"));
    reader.next("token");
    assertEquals(429, bob.get(path("q=more")).status());
    try (SseReader other = ann.follow(path("q=hi"))) {
      assertEquals(ANSWER, answer(other, "done"), "others have their own turns");
    }
    await().atMost(LONG).until(() -> model.answering.get() == 1);
    reader.cut();
    await().atMost(LONG).untilAsserted(() -> assertEquals(0, model.answering.get(), server::log));
    await()
        .atMost(LONG)
        .until(
            () -> {
              try (SseReader again = bob.follow(path("q=hi"))) {
                return again.status() == 200;
              }
            });
  }

  @Test
  void aPromptIsNeededFromSomebodyAndHasItsLength() throws Exception {
    assertEquals(400, ann.get(path("q=")).status());
    assertEquals(400, ann.follow(path("prompt=" + "x".repeat(4_001))).status());
    try (SseReader reader = ann.follow(path("q=" + "x".repeat(4_000)))) {
      assertEquals(ANSWER, answer(reader, "done"));
    }
    assertEquals(400, ann.get(path("q=x&format=xml")).status());
    assertEquals(401, Client.anonymous(server.base()).get(path("q=x")).status());
  }
}
