package devfest.studio;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * The procedure of docs/operate/backup.md with the scripts in {@code operations}: a backup while a
 * client uploads, and its restore into an empty studio.
 */
public final class Rehearsal {

  private static final byte[] PHOTO = TestImages.jpeg(320, 240);

  /** Enough for a client that uploads all the time. */
  private static final List<String> BOTH =
      List.of("studio.dev-mode=true", "studio.limits.uploads=100000/PT1M");

  private final Path dir;
  private final List<String> original;
  private final List<String> empty;
  private final Path backup;
  private final boolean during;

  /** What a client was told, in this order. */
  private final ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();

  private Rehearsal(Path dir, List<String> original, List<String> empty, boolean during)
      throws IOException {
    this.dir = dir;
    this.original = original;
    this.empty = empty;
    this.backup = dir.resolve("backup");
    this.during = during;
    Path ignored = Files.createDirectories(dir.resolve("original"));
    ignored = Files.createDirectories(dir.resolve("restored"));
  }

  /**
   * @param original the settings of the studio that is backed up, apart from the data directory
   * @param empty those of the studio into which the backup is restored
   * @param during whether the client uploads during the backup, not only before
   */
  public static void run(Path dir, List<String> original, List<String> empty, boolean during)
      throws Exception {
    new Rehearsal(dir, original, empty, during).run();
  }

  private void run() throws Exception {
    String mark;
    String last;
    String picture;
    Set<String> before;
    try (Server server = Server.start(dir.resolve("original"), settings(original))) {
      Client root = Client.of(server.base(), "root", "admin");
      Client ann = Client.of(server.base(), "ann");
      mark = root.publish("mark", "1", "private");
      String photo = ann.photo(PHOTO, "public");
      picture = ann.transform(photo, "vintage");
      awaitCompletion(ann, picture);
      AtomicBoolean enough = new AtomicBoolean();
      CompletableFuture<Void> uploads = CompletableFuture.runAsync(() -> upload(ann, enough));
      try {
        await().until(() -> acknowledged.size() >= 10);
        if (!during) {
          enough.set(true);
          uploads.join();
        }
        before = new HashSet<>(acknowledged);
        script(0, "backup", "original", original, server.base().toString(), root.token());
        int count = acknowledged.size();
        await().until(() -> !during || acknowledged.size() > count + 5);
      } finally {
        enough.set(true);
        uploads.join();
      }
      last = root.publish("mark", "2", "private");
    }
    assertFalse(Files.exists(backup.resolve("files/dev-key.json")), "a key of dev mode is secret");

    script(0, "restore", "restored", empty, "", "");
    script(1, "restore", "restored", empty, "", ""); // it overwrites nothing

    List<String> once = new ArrayList<>(empty);
    once.add("studio.events.new-origin=true");
    try (Server server = Server.start(dir.resolve("restored"), settings(once))) {
      Client root = Client.of(server.base(), "root", "admin");
      Client ann = Client.of(server.base(), "ann");
      Set<String> restored = photos(ann);
      assertTrue(restored.containsAll(before), () -> before + " is not in " + restored);
      for (String id : restored) {
        assertEquals(200, ann.get("/uploads/photos/" + id + ".jpg").status());
        assertEquals(200, ann.get("/uploads/photos/thumbnails/" + id + ".jpg").status());
      }
      assertEquals(200, ann.get("/uploads/transformations/" + picture + ".jpg").status());
      assertEquals(
          mark,
          root.get("/api/v1/events?types=mark").items().getJsonObject(0).getString("id"),
          "the first mark is in the backup");
      assertEquals(1, root.get("/api/v1/events?types=mark").items().size());

      try (SseReader back = root.stream("", "Last-Event-ID: " + last)) {
        assertNull(back.next("connected").id());
        SseReader.Frame reset = back.next("stream.reset");
        assertEquals("unknown", data(reset).getString("reason"));
        String next = root.publish("after", "1", "private");
        assertEquals(next, back.next("after").id());
        assertTrue(Long.parseLong(next) > Long.parseLong(last));
      }
      String later = ann.photo(PHOTO, "public");
      awaitCompletion(ann, ann.transform(later, "vintage"));
    }
  }

  private static String[] settings(List<String> own) {
    return Stream.concat(BOTH.stream(), own.stream()).toArray(String[]::new);
  }

  private void upload(Client client, AtomicBoolean enough) {
    while (!enough.get()) {
      acknowledged.add(client.photo(PHOTO, "public"));
    }
  }

  private static void awaitCompletion(Client client, String transformation) {
    await()
        .until(
            () ->
                client
                    .get("/api/v1/transformations/" + transformation)
                    .data()
                    .getString("status")
                    .equals("completed"));
  }

  private static JsonObject data(SseReader.Frame frame) {
    return TestJson.json(frame.data()).getJsonObject("data");
  }

  private static Set<String> photos(Client client) {
    Set<String> ids = new HashSet<>();
    String cursor = "";
    while (cursor != null) {
      Client.Reply page = client.get("/api/v1/photos?limit=100" + cursor);
      page.items().forEach(item -> ids.add(item.asJsonObject().getString("photoId")));
      cursor = page.data().isNull("next") ? null : "&cursor=" + page.data().getString("next");
    }
    return ids;
  }

  /** Runs a script with the settings as environment variables, and checks its exit code. */
  private void script(
      int expected, String name, String studio, List<String> settings, String url, String token)
      throws Exception {
    Path log = Files.createTempFile(dir, name, ".log");
    ProcessBuilder builder =
        new ProcessBuilder("bash", "operations/" + name, backup.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    Map<String, String> environment = builder.environment();
    for (String setting : settings) {
      String[] pair = setting.split("=", 2);
      environment.put(
          pair[0].toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'), pair[1]);
    }
    environment.put("STUDIO_DATA_DIR", dir.resolve(studio).resolve("data").toString());
    environment.put("STUDIO_URL", url.replaceFirst("/$", ""));
    environment.put("STUDIO_TOKEN", token);
    environment.put("STUDIO_WAR", "target/devfest-studio.war");
    String java = Path.of(System.getProperty("java.home"), "bin").toString();
    environment.put("PATH", java + File.pathSeparator + System.getenv("PATH"));
    Process process = builder.start();
    assertTrue(process.waitFor(2, TimeUnit.MINUTES), name);
    String text = Files.readString(log);
    assertEquals(expected, process.exitValue(), text);
    assertTrue(token.isEmpty() || !text.contains(token), text);
  }
}
