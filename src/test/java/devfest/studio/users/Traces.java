package devfest.studio.users;

import static org.junit.jupiter.api.Assertions.assertEquals;

import devfest.studio.Client;
import devfest.studio.Hooks;
import devfest.studio.SseReader;
import devfest.studio.TestImages;
import devfest.studio.feeds.tasks.Archives;
import devfest.studio.push.Subscriber;
import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.awaitility.Awaitility;

/** A user who does everything that the studio offers, with a mark in each text and each name. */
public final class Traces {

  /** In everything that the user leaves behind, and in nothing else. */
  public static final String MARK = "q7xk";

  public static final String USER = "zoe-" + MARK;

  private static final String V1 = "/api/v1";

  /** Paths of the user's pictures. */
  private final List<String> pictures = new ArrayList<>();

  private Traces() {}

  /** Paths of the user's pictures. */
  public List<String> pictures() {
    return pictures;
  }

  /**
   * Leaves traces of everything.
   *
   * @param zoe the user, a publisher
   * @param bob another user
   */
  public static Traces leave(Client zoe, Client bob) throws Exception {
    Traces traces = new Traces();
    String photo = zoe.photo(marked(TestImages.jpeg(400, 300)), "public");
    String hidden = zoe.photo(marked(TestImages.jpeg(300, 200)), "private");
    assertEquals(
        201,
        zoe.upload(V1 + "/photos", "file", TestImages.jpeg(90, 60), null, "key-" + MARK).status());
    String picture = zoe.transform(photo, "vintage");
    Awaitility.await()
        .until(
            () ->
                zoe.get(V1 + "/transformations/" + picture)
                    .data()
                    .getString("status")
                    .equals("completed"));
    traces.pictures.add("/uploads/photos/" + photo + ".jpg");
    traces.pictures.add("/uploads/photos/thumbnails/" + photo + ".jpg");
    traces.pictures.add("/uploads/photos/medium/" + photo + ".jpg");
    traces.pictures.add("/uploads/transformations/small/" + picture + ".jpg");
    traces.pictures.add("/uploads/transformations/medium/" + picture + ".jpg");
    traces.pictures.add("/uploads/photos/" + hidden + ".jpg");
    traces.pictures.add("/uploads/transformations/" + picture + ".jpg");
    String task =
        Archives.send(
            zoe, Archives.zip(Map.of("file-" + MARK + ".jpg", TestImages.jpeg(200, 100))));
    Awaitility.await()
        .until(() -> Archives.task(zoe, task).getString("status").equals("completed"));

    ok(201, zoe.post(V1 + "/chat/messages", text("chat-" + MARK)));
    ok(201, zoe.post(V1 + "/chat/messages?room=side", text("chat-" + MARK)));
    ok(
        201,
        zoe.post(
            V1 + "/github/posts",
            "{\"title\":\"post-%s\",\"body\":\"post-%s\"}".formatted(MARK, MARK)));
    ok(
        201,
        zoe.post(V1 + "/webhooks", "{\"url\":\"https://hooks.example.org/webhook-" + MARK + "\"}"));
    ok(
        201,
        zoe.post(
            V1 + "/push/subscriptions",
            new Subscriber().subscription("https://push.example.org/push-" + MARK)));
    JsonObject hook =
        ok(201, zoe.post(V1 + "/github/hooks", "{\"name\":\"hook-" + MARK + "\"}")).data();
    Hooks own =
        new Hooks(
            Client.anonymous(zoe.uri("/")),
            Hooks.SHARED + "/" + hook.getString("hookId"),
            hook.getString("secret"));
    ok(202, own.deliver("push", "delivery-" + MARK));
    Awaitility.await()
        .until(() -> !Hooks.statusOf(zoe, "delivery-" + MARK).matches("received|unknown"));
    JsonObject game =
        ok(
                201,
                zoe.post(
                    V1 + "/games",
                    "{\"home\":\"home-%s\",\"away\":\"away-%s\"}".formatted(MARK, MARK)))
            .data();
    ok(
        200,
        bob.post(
            V1 + "/games/" + game.getString("gameId") + "/score",
            "{\"home_score\":1,\"away_score\":0}"));
    ok(200, zoe.post("/api/games/game-" + MARK + "/score", "{\"home_score\":1,\"away_score\":0}"));
    ok(201, zoe.post(V1 + "/users/" + bob.user() + "/mention", text("mention-" + MARK)));
    String mention = bob.get(V1 + "/notifications").items().getJsonObject(0).getString("id");
    ok(200, bob.post(V1 + "/notifications/" + mention + "/read", ""));
    ok(201, bob.post(V1 + "/users/" + zoe.user() + "/mention", text("Hello")));
    for (String member :
        List.of(",\"userId\":\"" + zoe.user() + "\"", "", ",\"visibility\":\"public\"")) {
      ok(
          200,
          zoe.post(
              V1 + "/events",
              "{\"event\":\"talk.started\",\"data\":\"data-%s\"%s,\"idempotencyKey\":\"k%d\"}"
                  .formatted(MARK, member, member.length())));
    }
    ok(200, zoe.post(V1 + "/events", "{\"event\":\"talk.ended\",\"data\":\"data-" + MARK + "\"}"));
    ok(200, zoe.post(V1 + "/events/tickets", ""));
    ok(204, zoe.post(V1 + "/session", ""));
    try (SseReader answer = zoe.follow(V1 + "/assistant/stream?q=prompt-" + MARK)) {
      answer.next("done");
    }
    return traces;
  }

  private static String text(String text) {
    return "{\"text\":\"" + text + "\"}";
  }

  private static Client.Reply ok(int status, Client.Reply reply) {
    assertEquals(status, reply.status(), () -> new String(reply.bytes(), StandardCharsets.UTF_8));
    return reply;
  }

  /** Adds a comment segment, as cameras and programs do. */
  private static byte[] marked(byte[] jpeg) {
    byte[] text = ("exif-" + MARK).getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(jpeg, 0, 2);
    out.write(0xff);
    out.write(0xfe);
    out.write(0);
    out.write(text.length + 2);
    out.writeBytes(text);
    out.write(jpeg, 2, jpeg.length - 2);
    return out.toByteArray();
  }

  /** The files of an export. */
  public static Map<String, byte[]> export(Client by, String user) throws IOException {
    Client.Reply reply = ok(200, by.get(V1 + "/users/" + user + "/export"));
    assertEquals("application/zip", reply.header("Content-Type"));
    Map<String, byte[]> files = new TreeMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(reply.bytes()))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        files.put(entry.getName(), zip.readAllBytes());
      }
    }
    return files;
  }

  /** The text around each mark. */
  public static List<String> found(String text) {
    return Pattern.compile(".{0,100}" + MARK + ".{0,100}", Pattern.DOTALL)
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .toList();
  }

  /** The files below the directory that contain the mark, or have it in their names. */
  public static List<Path> in(Path dir) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        if (content.contains(MARK) || file.toString().contains(MARK)) {
          found.add(file);
        }
      }
    }
    return found;
  }

  /** Everything that an admin can read over HTTP, as text. */
  public static String readable(Client admin) {
    StringBuilder all = new StringBuilder();
    String after = "0";
    while (after != null) {
      JsonObject page = admin.get(V1 + "/events?limit=100&after=" + after).data();
      all.append(page);
      after = page.isNull("next") ? null : page.getString("next");
    }
    for (String path :
        List.of(
            "/events/stats",
            "/transformations/recent",
            "/games",
            "/github/events",
            "/github/posts",
            "/users?limit=100",
            "/photos?userId=" + USER,
            "/transformations?userId=" + USER)) {
      all.append(new String(admin.get(V1 + path).bytes(), StandardCharsets.UTF_8));
    }
    return all.toString();
  }

  /** Uploads, posts, hooks, tickets and events of a publisher until the token is refused. */
  public static void write(URI base, Client by) {
    Client client = Client.anonymous(base).withToken(by.token());
    byte[] photo = TestImages.jpeg(60, 40);
    for (int i = 0; i < 1_000; i++) {
      int status =
          switch (i % 6) {
            case 0 -> client.upload(photo, "public").status();
            case 1 -> client.post(V1 + "/github/posts", "{\"title\":\"" + MARK + "\"}").status();
            case 2 -> client.post(V1 + "/github/hooks", "{\"name\":\"" + MARK + "\"}").status();
            case 3 -> client.post(V1 + "/events", event("")).status();
            case 4 ->
                client
                    .post(V1 + "/events", event(",\"idempotencyKey\":\"" + UUID.randomUUID() + '"'))
                    .status();
            default ->
                client
                    .send(
                        client
                            .request(V1 + "/events/tickets")
                            .POST(HttpRequest.BodyPublishers.noBody()))
                    .status();
          };
      if (status == 401) {
        return;
      }
    }
    throw new AssertionError("the token was never refused");
  }

  private static String event(String more) {
    return "{\"event\":\"a\",\"data\":\"" + MARK + '"' + more + '}';
  }
}
