package devfest.studio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import devfest.studio.AccessTable.Identity;
import devfest.studio.feeds.tasks.Archives;
import devfest.studio.push.Subscriber;
import jakarta.json.JsonObject;
import java.awt.image.BufferedImage;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The identities of the access table on one server, and the objects that belong to alice. */
final class AccessWorld implements Closeable {

  private static final String WEBHOOK = "{\"url\":\"https://hooks.example.org/studio\"}";

  private static final String V1 = "/api/v1";

  /** Objects that others may know of. */
  private static final Set<String> SHARED = Set.of("alice", "style", "game", "message");

  private static final byte[] PHOTO = TestImages.jpeg(160, 120);

  private final URI base;
  private final String suffix = UUID.randomUUID().toString().substring(0, 8);
  private final Map<Identity, Client> clients = new EnumMap<>(Identity.class);
  private final Map<String, String> objects = new HashMap<>();
  private final List<String> tokens = new ArrayList<>();
  private final Set<String> hidden = new HashSet<>();
  private final Map<String, String> secrets = new HashMap<>();
  private final List<SseReader> streams = new ArrayList<>();
  private int users;

  AccessWorld(URI base) {
    this.base = base;
    clients.put(Identity.ANONYMOUS, Client.anonymous(base));
    clients.put(Identity.PUBLIC, Client.anonymous(base));
    clients.put(Identity.ALICE, user("alice"));
    clients.put(Identity.BOB, user("bob"));
    clients.put(Identity.GUEST, user("guest", "guest"));
    clients.put(Identity.PUBLISHER, user("publisher", "publisher"));
    clients.put(Identity.ADMIN, user("admin", "admin"));
    clients.put(Identity.REVOKED, revoked());
  }

  private Client user(String name, String... groups) {
    Client user = Client.of(base, name + '-' + suffix + users++, groups);
    tokens.add(user.token());
    return user;
  }

  /** An admin whose tokens were revoked. */
  private Client revoked() {
    Client user = user("revoked", "admin");
    assertEquals(204, user.delete(V1 + "/users/" + user.user() + "/sessions").status());
    assertEquals(401, user.get(V1 + "/quota").status());
    return user;
  }

  Client client(Identity who) {
    return clients.get(who);
  }

  /** The text with the objects in place of their names. */
  String fill(AccessTable.Row row, String text) {
    String filled = text;
    for (String name : row.objects()) {
      if (!objects.containsKey(name)) {
        objects.put(name, create(name));
        if (!SHARED.contains(name)) {
          hidden.add(objects.get(name));
        }
      }
      filled = filled.replace('{' + name + '}', objects.get(name));
    }
    return filled;
  }

  /** The ids that only alice and an admin may learn. */
  Set<String> hidden() {
    return hidden;
  }

  /** The tokens of all users so far. */
  List<String> tokens() {
    return tokens;
  }

  /** Whether a request of the row erases alice or revokes the tokens of alice. */
  static boolean endsAlice(AccessTable.Row row) {
    return row.method().equals("DELETE") && row.objects().contains("alice");
  }

  /** Replaces the objects of a row, as a request may have changed or deleted them. */
  void renew(AccessTable.Row row) {
    row.objects().forEach(objects::remove);
    if (endsAlice(row)) {
      Client alice = user("alice");
      assertEquals(201, alice.upload(PHOTO, null).status());
      clients.put(Identity.ALICE, alice);
      objects.clear();
    }
  }

  private String create(String name) {
    Client alice = client(Identity.ALICE);
    return switch (name) {
      case "alice" -> alice.user();
      case "style" -> "vintage";
      case "photo" -> alice.photo(PHOTO, null);
      case "transformation" -> transformation(alice);
      case "task" -> Archives.send(alice, archive());
      case "stream" -> stream(alice);
      case "notification" -> notification(alice);
      case "message" -> created(alice, V1 + "/chat/messages", "{\"text\":\"hello\"}", "id");
      case "hook" -> hook(alice);
      case "webhook" -> created(alice, V1 + "/webhooks", WEBHOOK, "webhookId");
      case "subscription" ->
          created(alice, V1 + "/push/subscriptions", subscription(), "subscriptionId");
      case "pass" -> created(client(Identity.ADMIN), V1 + "/passes", "{}", "passId");
      case "post" -> post(alice);
      case "ready" -> ready(alice);
      case "game" ->
          created(
              client(Identity.PUBLISHER),
              V1 + "/games",
              "{\"home\":\"Red\",\"away\":\"Blue\"}",
              "gameId");
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** Each browser has an endpoint of its own. */
  private static String subscription() {
    return new Subscriber().subscription("https://push.example.org/" + UUID.randomUUID());
  }

  private static String created(Client by, String path, String body, String id) {
    Client.Reply reply = by.post(path, body);
    assertEquals(201, reply.status(), () -> new String(reply.bytes(), UTF_8));
    return reply.data().getString(id);
  }

  /** A transformation that is complete. */
  private static String transformation(Client alice) {
    String id = alice.transform(alice.photo(PHOTO, null), "vintage");
    String path = V1 + "/transformations/" + id;
    await().until(() -> alice.get(path).data().getString("status").equals("completed"));
    return id;
  }

  private String stream(Client alice) {
    try {
      SseReader reader = alice.follow(V1 + "/stream?channels=chat");
      streams.add(reader);
      String frame = reader.next(f -> f.data() != null && f.data().contains("clientId")).data();
      JsonObject connected = TestJson.json(frame);
      JsonObject data = connected.getJsonObject("data");
      return (data == null ? connected : data).getString("clientId");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private String notification(Client alice) {
    Client.Reply mention =
        user("mentioner").post(V1 + "/users/" + alice.user() + "/mention", "{\"text\":\"hello\"}");
    assertEquals(201, mention.status());
    return alice.get(V1 + "/notifications").items().getJsonObject(0).getString("id");
  }

  private static String post(Client alice) {
    return created(alice, V1 + "/github/posts", "{\"title\":\"hello\"}", "postId");
  }

  /** A post that may be published. */
  private static String ready(Client alice) {
    String id = post(alice);
    assertEquals(200, alice.patch(V1 + "/github/posts/" + id, "{\"status\":\"ready\"}").status());
    return id;
  }

  private String hook(Client alice) {
    Client.Reply reply = alice.post(V1 + "/github/hooks", "{\"name\":\"mine\"}");
    assertEquals(201, reply.status());
    String id = reply.data().getString("hookId");
    secrets.put(id, reply.data().getString("secret"));
    return id;
  }

  /** The secret of the hook at a path. */
  String secret(String path) {
    return secrets.getOrDefault(path.replaceFirst(".*/", ""), SharedServer.HOOK_SECRET);
  }

  /** A PNG with transparent pixels. */
  static byte[] logo() {
    return TestImages.encode(new BufferedImage(6, 4, BufferedImage.TYPE_INT_ARGB), "png");
  }

  static byte[] photo() {
    return PHOTO;
  }

  static byte[] archive() {
    try {
      return Archives.photos(1, PHOTO);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    for (SseReader stream : streams) {
      stream.close();
    }
  }
}
