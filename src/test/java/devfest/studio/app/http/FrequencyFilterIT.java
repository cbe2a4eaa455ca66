package devfest.studio.app.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.Hooks;
import devfest.studio.Server;
import devfest.studio.Socket;
import devfest.studio.SseReader;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Attacks with valid and invalid tokens. The counts are the default ones; the periods are longer,
 * so that a slow machine does not regain what the test uses up.
 */
class FrequencyFilterIT {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir static Path dir;
  private static Server server;

  @BeforeAll
  static void start() throws IOException {
    server =
        Server.start(
            dir,
            "studio.dev-mode=true",
            "studio.anonymous-access=public",
            "studio.github.webhook-secret=secret",
            "studio.limits.failed-authentications=600/PT1H",
            "studio.limits.games=120/PT1H",
            "studio.limits.hooks=60/PT1H",
            "studio.limits.posts=300/PT1H",
            "studio.limits.sessions=60/PT1H",
            "studio.limits.tickets=300/PT1H",
            "studio.limits.uploads=120/PT1H");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpRequest.Builder json(Client client, String path, String body) {
    return client
        .request(path)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  /** Sends requests as fast as possible and counts the statuses. */
  private static Map<Integer, Integer> flood(int times, IntFunction<HttpRequest.Builder> request) {
    Map<Integer, Integer> statuses = new TreeMap<>();
    IntStream.range(0, times)
        .parallel()
        .mapToObj(i -> send(request.apply(i)))
        .forEach(
            response -> {
              if (response.statusCode() == 429) {
                long wait = Long.parseLong(response.headers().firstValue("Retry-After").get());
                assertTrue(wait >= 1 && wait <= 60, () -> "Retry-After " + wait);
              }
              synchronized (statuses) {
                statuses.merge(response.statusCode(), 1, Integer::sum);
              }
            });
    return statuses;
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Fails unless requests got the status up to the limit, and all others 429. */
  private static void assertLimited(int limit, int status, Map<Integer, Integer> statuses) {
    int passed = statuses.getOrDefault(status, 0);
    // In the seconds of a flood, a few more are regained.
    assertTrue(passed >= limit && passed <= limit * 1.1, statuses::toString);
    assertTrue(statuses.getOrDefault(429, 0) > 0, statuses::toString);
    assertEquals(passed + statuses.get(429), statuses.values().stream().mapToInt(i -> i).sum());
  }

  @Test
  void aUserGetsFewTicketsOfManyAndOthersGetTheirs() {
    Client ann = Client.of(server.base(), "ann");
    assertLimited(300, 200, flood(1_169, i -> json(ann, "/api/v1/events/tickets", "")));
    assertEquals(429, ann.post("/api/v1/events/tickets", "").status());
    assertEquals(200, Client.of(server.base(), "bob").post("/api/v1/events/tickets", "").status());
  }

  @Test
  void aUserCreatesFewDraftsOfMany() {
    Client ann = Client.of(server.base(), "writer");
    assertLimited(
        300, 201, flood(505, i -> json(ann, "/api/v1/github/posts", "{\"title\":\"x\"}")));
  }

  @Test
  void sessionsGamesAndHooksAreLimited() {
    Client ann = Client.of(server.base(), "publisher", "publisher");
    assertLimited(60, 204, flood(120, i -> json(ann, "/api/v1/session", "")));
    Map<Integer, Integer> games =
        flood(240, i -> json(ann, "/api/v1/games", "{\"home\":\"a\",\"away\":\"b\"}"));
    int open = games.get(201); // requests at the same time do not see each other's games
    assertTrue(open >= 100 && open < 110, games::toString);
    assertTrue(games.get(409) > 0 && games.get(429) > 0, games::toString);
    Map<Integer, Integer> hooks = flood(120, i -> json(ann, "/api/v1/github/hooks", "{}"));
    int created = hooks.get(201);
    assertTrue(created >= 20 && created < 30, hooks::toString);
    assertTrue(hooks.get(409) > 0 && hooks.get(429) > 0, hooks::toString);
  }

  @Test
  void invalidUploadsCountToo() {
    Client ann = Client.of(server.base(), "reader");
    Map<Integer, Integer> statuses =
        flood(
            240,
            i ->
                ann.request("/api/v1/photos")
                    .header("Content-Type", "multipart/form-data; boundary=x")
                    .POST(HttpRequest.BodyPublishers.ofString("--x--\r\n")));
    assertLimited(120, 400, statuses);
  }

  @Test
  void inventedEventTypesDoNotGrowTheStatistics() {
    Client publisher = Client.of(server.base(), "inventor", "publisher");
    long before = total(publisher);
    for (int i = 0; i < 20; i++) {
      int from = 1_000 * i;
      String body =
          IntStream.range(from, from + 1_000)
              .mapToObj(n -> "{\"event\":\"invented" + n + "\",\"data\":1}")
              .collect(Collectors.joining(",", "[", "]"));
      assertEquals(200, publisher.post("/api/v1/events", body).status());
    }
    Client.Reply reply = publisher.get("/api/v1/events/stats");
    JsonObject types = reply.data().getJsonObject("eventsByType");
    assertTrue(types.size() <= 1_000, () -> types.size() + " types");
    assertTrue(types.getInt("(other)") >= 19_000, types::toString);
    assertTrue(reply.bytes().length < 50_000, () -> reply.bytes().length + " bytes");
    assertTrue(total(publisher) >= before + 20_000);
    assertEquals(
        1,
        Client.of(server.base(), "root", "admin")
            .get("/api/v1/events?types=invented19999")
            .items()
            .size(),
        "events of types without a count of their own are found");
  }

  private static long total(Client client) {
    return client.get("/api/v1/events/stats").data().getJsonNumber("totalEvents").longValue();
  }

  @Test
  void failedAuthenticationsAreLimitedHoweverTheyComeAndValidOnesPass() throws Exception {
    Client ann = Client.of(server.base(), "honest");
    String ticket = ann.post("/api/v1/events/tickets", "").data().getString("ticket");
    Client nobody = Client.anonymous(server.base());
    AtomicInteger way = new AtomicInteger();
    Map<Integer, Integer> statuses =
        flood(
            1_742,
            i ->
                switch (way.getAndIncrement() % 4) {
                  case 0 -> nobody.withToken("a.b.c").request("/api/v1/photos");
                  case 1 -> nobody.request("/api/v1/events/stream?token=a.b.c");
                  case 2 -> nobody.request("/api/v1/events/stream?ticket=unknown");
                  default ->
                      nobody
                          .request("/api/v1/events/stream")
                          .header("Cookie", "studio_session=unknown");
                });
    assertLimited(600, 401, statuses);
    assertEquals(429, send(nobody.withToken("a.b.c").request("/api/v1/photos")).statusCode());
    assertEquals(429, new Hooks(nobody, Hooks.SHARED, "wrong").deliver("push").status());
    assertEquals(429, Socket.refusal(nobody.uri("/api/v1/timer/ws?token=a.b.c")));

    assertEquals(200, ann.get("/api/v1/photos").status());
    assertEquals(401, send(nobody.request("/api/v1/photos")).statusCode(), "it has no token");
    assertEquals(200, nobody.get("/api/v1/games").status());
    try (SseReader stream = nobody.follow("/api/v1/events/stream?ticket=" + ticket)) {
      assertEquals("connected", stream.next().event());
    }
  }
}
