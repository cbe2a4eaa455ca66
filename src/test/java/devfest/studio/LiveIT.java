package devfest.studio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Notifications, metrics, games, the timer, and several channels over one connection. */
class LiveIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String V1 = "/api/v1";

  @TempDir static Path dir;
  private static Server server;

  private Client ann;
  private Client bob;
  private Client publisher;
  private Client root;
  private Client nobody;

  @BeforeAll
  static void start() throws IOException {
    server = Server.start(dir, settings());
  }

  private static String[] settings() {
    return new String[] {
      "studio.dev-mode=true",
      "studio.anonymous-access=public",
      "studio.stream.heartbeat=PT1S",
      "studio.stream.stall-timeout=PT3S",
      "studio.transformations.attempts=1",
      "studio.stream.max-connections-per-user=6"
    };
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void clients() {
    String suffix = UUID.randomUUID().toString();
    ann = Client.of(server.base(), "ann-" + suffix);
    bob = Client.of(server.base(), "bob-" + suffix);
    publisher = Client.of(server.base(), "pub-" + suffix, "publisher");
    root = Client.of(server.base(), "root-" + suffix, "admin");
    nobody = Client.anonymous(server.base());
  }

  private static JsonObject json(String text) {
    try (JsonReader reader = Json.createReader(new StringReader(text))) {
      return reader.readObject();
    }
  }

  private static JsonObject json(SseReader.Frame frame) {
    return json(frame.data());
  }

  // ---- notifications

  private Client.Reply mention(Client by, Client whom, String text) {
    return by.post(
        V1 + "/users/" + whom.user() + "/mention",
        Json.createObjectBuilder().add("text", text).build().toString());
  }

  @Test
  void aMentionReachesItsUserAndNobodyElse() throws Exception {
    try (SseReader bobs = bob.follow(V1 + "/notifications/stream");
        SseReader anns = ann.follow("/notifications");
        SseReader roots = root.follow("/api/notifications/stream");
        SseReader everything = root.stream("")) {
      for (SseReader reader : List.of(bobs, anns, roots, everything)) {
        assertEquals("connected", reader.next().event());
      }
      String text = "<b>see</b> \"this\"";
      assertEquals(201, mention(ann, bob, text).status());
      SseReader.Frame frame = bobs.next();
      assertEquals("notification", frame.event());
      assertTrue(frame.id().matches("\\d+"));
      JsonObject notification = json(frame);
      assertEquals(Set.of("id", "type", "text", "mentionedBy"), notification.keySet());
      assertEquals("mention", notification.getString("type"));
      assertEquals(text, notification.getString("text"));
      assertEquals(ann.user(), notification.getString("mentionedBy"));
      assertEquals(
          notification.getString("id"),
          bob.get(V1 + "/notifications").items().getJsonObject(0).getString("id"));
      assertEquals(List.of(), anns.during(Duration.ofSeconds(1)));
      assertEquals(List.of(), roots.during(Duration.ZERO));
      assertEquals("notification.created", everything.next().event(), "a log without holes");
      assertEquals(0, root.get(V1 + "/events?channels=notifications&after=0").items().size());
    }
  }

  @Test
  void whoMentionsIsTheCallerWhateverTheBodySays() {
    ann.post(V1 + "/users/" + bob.user() + "/mention", "{\"text\":\"x\",\"mentionedBy\":\"root\"}");
    assertEquals(
        ann.user(),
        bob.get(V1 + "/notifications").items().getJsonObject(0).getString("mentionedBy"));
    assertEquals(401, nobody.post(V1 + "/users/bob/mention", "{\"text\":\"x\"}").status());
  }

  /** A header that only sockets mean must not make somebody else of the caller. */
  @Test
  void whoAsksForAnUpgradeIsWhoHeIs() throws Exception {
    String body = "{\"text\":\"x\"}";
    String request =
        "POST %s/users/%s/mention HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
                .formatted(V1, bob.user(), ann.token())
            + "Upgrade: websocket\r\nConnection: close\r\nContent-Type: application/json\r\n"
            + "Content-Length: %d\r\n\r\n%s".formatted(body.length(), body);
    try (java.net.Socket socket =
        new java.net.Socket(server.base().getHost(), server.base().getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      assertTrue(socket.getInputStream().read() >= 0);
      await().atMost(SOON).until(() -> !bob.get(V1 + "/notifications").items().isEmpty());
    }
    assertEquals(
        ann.user(),
        bob.get(V1 + "/notifications").items().getJsonObject(0).getString("mentionedBy"));
  }

  @Test
  void mentionsThatWereMissedAreReplayed() throws Exception {
    String last;
    try (SseReader bobs = bob.follow(V1 + "/notifications/stream")) {
      bobs.next();
      mention(ann, bob, "one");
      last = bobs.next().id();
    }
    mention(ann, bob, "two");
    mention(ann, bob, "three");
    try (SseReader bobs = bob.follow(V1 + "/notifications/stream?lastEventId=" + last)) {
      assertEquals("connected", bobs.next().event());
      assertEquals("two", json(bobs.next()).getString("text"));
      assertEquals("three", json(bobs.next()).getString("text"));
    }
  }

  @Test
  void aMentionHasATextAndAUser() {
    String path = V1 + "/users/" + bob.user() + "/mention";
    for (String body :
        List.of("", "{}", "{\"text\":\"\"}", "{\"text\":\" \"}", "{\"text\":\"\\u0000\"}")) {
      assertEquals(400, ann.post(path, body).status(), body);
    }
    assertEquals(400, mention(ann, bob, "x".repeat(501)).status());
    assertEquals(201, mention(ann, bob, "x".repeat(500)).status());
    assertEquals(400, ann.post(V1 + "/users/a%00b/mention", "{\"text\":\"x\"}").status());
    for (String prefix : List.of(V1, "/api")) {
      Client.Reply unknown = ann.post(prefix + "/users/never-was-here/mention", "{\"text\":\"x\"}");
      assertEquals(404, unknown.status(), "a user whom nobody knows");
    }
  }

  @Test
  void aSenderThatFloodsIsStoppedHoweverManyRequestsRace() {
    List<Client.Reply> replies =
        IntStream.range(0, 40).parallel().mapToObj(i -> mention(ann, bob, "x")).toList();
    assertEquals(10, replies.stream().filter(reply -> reply.status() == 201).count());
    Client.Reply refused =
        replies.stream().filter(reply -> reply.status() == 429).findFirst().orElseThrow();
    assertTrue(Integer.parseInt(refused.header("Retry-After")) > 0);
    assertEquals(10, bob.get(V1 + "/notifications?limit=100").items().size());
  }

  @Test
  void whatWasReadIsReadOnEveryOpenPage() throws Exception {
    try (SseReader bobs = bob.follow(V1 + "/stream?channels=notifications")) {
      assertEquals("connected", bobs.next().event());
      assertEquals(0, unread(bobs));
      mention(ann, bob, "one");
      mention(ann, bob, "two");
      awaitUnread(bobs, 2);
      String id = bob.get(V1 + "/notifications?limit=1").items().getJsonObject(0).getString("id");
      assertEquals(404, ann.post(V1 + "/notifications/" + id + "/read", "").status());
      assertEquals(404, bob.post(V1 + "/notifications/nix/read", "").status());
      assertTrue(bob.post(V1 + "/notifications/" + id + "/read", "").data().getBoolean("read"));
      awaitUnread(bobs, 1);
      assertEquals(1, bob.get(V1 + "/notifications?unread=true").items().size());
      assertEquals(2, bob.get(V1 + "/notifications").items().size());
      assertEquals(1, bob.post(V1 + "/notifications/read-all", "").data().getInt("read"));
      awaitUnread(bobs, 0);
    }
  }

  private static int unread(SseReader reader) throws InterruptedException {
    return json(reader.next(frame -> frame.data() != null && frame.data().contains("unread")))
        .getJsonObject("data")
        .getInt("count");
  }

  private static void awaitUnread(SseReader reader, int count) throws InterruptedException {
    while (unread(reader) != count) {
      // an earlier one
    }
  }

  @Test
  void pagesOfNotificationsHoldEachOnce() {
    for (int i = 0; i < 5; i++) {
      mention(ann, bob, "n" + i);
    }
    List<String> texts = new ArrayList<>();
    String cursor = "";
    do {
      JsonObject page = bob.get(V1 + "/notifications?limit=2&cursor=" + cursor).data();
      page.getJsonArray("items").forEach(item -> texts.add(item.asJsonObject().getString("text")));
      cursor = page.isNull("next") ? null : page.getString("next");
    } while (cursor != null);
    assertEquals(List.of("n4", "n3", "n2", "n1", "n0"), texts);
    assertEquals(400, bob.get(V1 + "/notifications?cursor=x").status());
    assertEquals(400, bob.get(V1 + "/notifications?unread=maybe").status());
  }

  @Test
  void theOwnerIsToldWhatBecameOfAPicture() throws Exception {
    try (SseReader anns = ann.follow(V1 + "/notifications/stream")) {
      anns.next();
      String id = ann.transform(ann.photo(TestImages.jpeg(300, 200), "private"), "vintage");
      JsonObject told = json(anns.next());
      assertEquals("transformation.completed", told.getString("type"));
      assertEquals(id, told.getString("transformationId"));
      assertTrue(told.isNull("mentionedBy"));
    }
  }

  // ---- metrics

  @Test
  void adminsSeeHowTheNodeIsDoingEachSecond() throws Exception {
    assertEquals(403, ann.follow(V1 + "/metrics/stream").status());
    assertEquals(401, nobody.follow(V1 + "/metrics/stream").status());
    try (SseReader reader = root.follow("/metrics-stream")) {
      long begun = System.nanoTime();
      JsonObject first = json(reader.next("metrics"));
      for (int i = 0; i < 3; i++) {
        reader.next("metrics");
      }
      double seconds = (System.nanoTime() - begun) / 1e9;
      assertTrue(seconds > 2 && seconds < 6, () -> "three in " + seconds + " s");
      assertEquals(
          Set.of(
              "timestamp",
              "cpu_usage",
              "cpu",
              "memory",
              "threads",
              "goroutines",
              "connections",
              "events_per_second"),
          first.keySet());
      assertEquals(Set.of("alloc", "total_alloc", "sys"), first.getJsonObject("memory").keySet());
      assertTrue(Math.abs(first.getInt("timestamp") - Instant.now().getEpochSecond()) < 60);
      assertTrue(first.getInt("connections") >= 1);
      assertTrue(first.getJsonObject("memory").getJsonNumber("alloc").longValue() > 1_000_000);
      assertTrue(
          first.getJsonObject("memory").getJsonNumber("total_alloc").longValue() > 1_000_000);
      assertEquals(first.getInt("threads"), first.getInt("goroutines"));
    }
  }

  @Test
  void theRateOfEventsIsThatOfTheLastSecond() throws Exception {
    try (SseReader before = root.follow(V1 + "/metrics/stream")) {
      before.next("metrics");
      before.next("metrics");
      before.cut();
    }
    // As soon as that was noticed: the next one is not to share its seconds with what is left of
    // it.
    await()
        .pollInterval(Duration.ofMillis(10))
        .atMost(SOON)
        .until(() -> metric("studio_connections{transport=\"stream\"}") == 0);
    try (SseReader reader = root.follow(V1 + "/metrics/stream")) {
      reader.next("metrics");
      StringBuilder many = new StringBuilder("[");
      for (int i = 0; i < 200; i++) {
        many.append("{\"event\":\"rate.test\",\"data\":1},");
      }
      many.setCharAt(many.length() - 1, ']');
      double rate = 0;
      // The second that is measured first may be one that this reader had not joined yet.
      for (int i = 0; i < 10 && rate <= 50; i++) {
        assertEquals(200, publisher.post(V1 + "/events", many.toString()).status());
        rate = number(json(reader.next("metrics")), "events_per_second");
      }
      assertTrue(rate > 50);
      reader.next(
          frame ->
              "metrics".equals(frame.event()) && number(json(frame), "events_per_second") < 50);
    }
  }

  private double metric(String name) {
    String text = new String(root.get(V1 + "/metrics").bytes(), UTF_8);
    Matcher line =
        Pattern.compile("^" + Pattern.quote(name) + " (\\S+)$", Pattern.MULTILINE).matcher(text);
    assertTrue(line.find(), () -> name + " is not in\n" + text);
    return Double.parseDouble(line.group(1));
  }

  @Test
  void aScraperGetsThemInThePrometheusFormat() throws Exception {
    assertEquals(403, ann.get(V1 + "/metrics").status());
    assertEquals(401, nobody.get(V1 + "/metrics").status());
    Client.Reply reply = root.get(V1 + "/metrics");
    assertTrue(reply.header("Content-Type").startsWith("text/plain"), reply.header("Content-Type"));
    double before = metric("studio_deliveries_total");
    double jobs = metric("studio_job_working_seconds_count");
    try (SseReader reader = ann.stream("");
        Socket socket =
            Socket.open(ann.uri(V1 + "/timer/ws"), "Authorization", "Bearer " + ann.token())) {
      reader.next();
      socket.next();
      assertTrue(metric("studio_connections{transport=\"stream\"}") >= 1);
      assertTrue(metric("studio_connections{transport=\"websocket\"}") >= 1);
      ann.transform(ann.photo(TestImages.jpeg(300, 200), "private"), "vintage");
      reader.next("transformation.completed");
    }
    await().atMost(SOON).until(() -> metric("studio_job_working_seconds_count") > jobs);
    assertTrue(metric("studio_deliveries_total") >= before + 3);
    assertTrue(metric("studio_event_latency_seconds_count") > 0);
    assertTrue(metric("studio_event_latency_seconds_bucket{le=\"+Inf\"}") > 0);
    assertEquals(0, metric("studio_jobs{status=\"queued\"}"));
    await().atMost(SOON).until(() -> metric("studio_log_lag") == 0);
    assertTrue(metric("process_cpu_usage") >= 0);
    assertTrue(metric("jvm_threads_live_threads") > 0);
    assertTrue(metric("process_cpu_seconds_total") > 0);
    assertTrue(metric("system_cpus") >= 1);
    String text = new String(root.get(V1 + "/metrics").bytes(), UTF_8);
    assertEquals(List.of(), Exposition.faults(text));
  }

  @Test
  void clientsTellHowTheyGetOn() {
    String path = V1 + "/metrics/clients";
    String name = "studio_client_connections_total{outcome=\"failed\",transport=\"websocket\"}";
    assertEquals(
        204,
        ann.post(
                path,
                "{\"transport\":\"websocket\",\"failed\":2,\"reconnections\":1,\"latencies\":[5,70]}")
            .status());
    double before = metric(name);
    ann.post(path, "{\"transport\":\"websocket\",\"failed\":2}");
    assertEquals(before + 2, metric(name));
    for (String wrong :
        List.of(
            "",
            "{}",
            "{\"transport\":\"pigeon\"}",
            "{\"transport\":\"stream\",\"failed\":-1}",
            "{\"transport\":\"stream\",\"failed\":1000000}",
            "{\"transport\":\"stream\",\"latencies\":[-1]}")) {
      assertEquals(400, ann.post(path, wrong).status(), wrong);
    }
    int refused = 0;
    for (int i = 0; i < 70; i++) {
      refused += bob.post(path, "{\"transport\":\"stream\"}").status() == 429 ? 1 : 0;
    }
    assertTrue(refused > 0);
  }

  // ---- games

  private String game() {
    Client.Reply reply = publisher.post(V1 + "/games", "{\"home\":\"Red\",\"away\":\"Blue\"}");
    assertEquals(201, reply.status());
    assertTrue(reply.header("Location").endsWith(reply.data().getString("gameId")));
    return reply.data().getString("gameId");
  }

  private Client.Reply score(String game, int home, int away, String type) {
    return publisher.post(
        "/api/games/" + game + "/score",
        "{\"home_score\":%d,\"away_score\":%d%s}"
            .formatted(home, away, type == null ? "" : ",\"event_type\":\"" + type + "\""));
  }

  @Test
  void everybodyFollowsAScoreUntilTheGameIsFinished() throws Exception {
    String game = game();
    String last;
    try (SseReader reader = nobody.follow("/api/games/" + game + "/stream")) {
      SseReader.Frame initial = reader.next();
      assertEquals("initial", initial.event());
      assertEquals(Set.of("home_score", "away_score", "timestamp"), json(initial).keySet());
      Client.Reply scored = score(game, 1, 0, null);
      assertEquals(200, scored.status());
      assertEquals(1, scored.json().getInt("home_score"), "at the top level too");
      assertEquals(1, json(reader.next("score")).getInt("home_score"));
      score(game, 1, 1, "goal");
      assertEquals(1, json(reader.next("goal")).getInt("away_score"));
      score(game, 2, 1, "finished");
      SseReader.Frame finished = reader.next("finished");
      assertEquals(2, json(finished).getInt("home_score"));
      last = finished.id();
      reader.awaitCleanEnd();
    }
    assertEquals(409, score(game, 3, 1, null).status());
    String stream = V1 + "/games/" + game + "/stream";
    assertEquals(204, ann.send(ann.request(stream).header("Last-Event-ID", last)).status());
    try (SseReader late = ann.follow(stream)) {
      assertEquals("initial", late.next().event());
      assertEquals(last, late.next("finished").id());
      late.awaitCleanEnd();
    }
    assertEquals("finished", nobody.get(V1 + "/games/" + game).data().getString("status"));
  }

  @Test
  void publishersAloneDriveGamesAndWithNumbersThatCanBe() throws Exception {
    assertEquals(403, ann.post(V1 + "/games", "{\"home\":\"a\",\"away\":\"b\"}").status());
    assertEquals(400, publisher.post(V1 + "/games", "{\"home\":\"a\"}").status());
    String game = game();
    String path = V1 + "/games/" + game + "/score";
    assertEquals(403, ann.post(path, "{\"home_score\":1,\"away_score\":0}").status());
    for (String wrong :
        List.of(
            "{\"home_score\":1}",
            "{\"home_score\":-1,\"away_score\":0}",
            "{\"home_score\":1,\"away_score\":0,\"event_type\":\"a b\"}",
            "{\"home_score\":1,\"away_score\":0,\"event_type\":\"initial\"}",
            "{\"home_score\":\"1\",\"away_score\":0}",
            "{\"home_score\":1.5,\"away_score\":0}")) {
      assertEquals(400, publisher.post(path, wrong).status(), wrong);
    }
    assertEquals(0, nobody.get(V1 + "/games/" + game).data().getInt("home_score"));
    String one = "{\"home_score\":1,\"away_score\":0}";
    assertEquals(404, publisher.post(V1 + "/games/" + UUID.randomUUID() + "/score", one).status());
    assertEquals(404, publisher.post(V1 + "/games/nix/score", one).status());
    assertEquals(404, ann.follow(V1 + "/games/nix/stream").status());
    assertEquals(404, nobody.get(V1 + "/games/" + UUID.randomUUID()).status());
  }

  @Test
  void gamesAreListedNewestFirst() {
    String first = game();
    String second = game();
    JsonObject page = nobody.get(V1 + "/games?limit=1").data();
    assertEquals(second, page.getJsonArray("items").getJsonObject(0).getString("gameId"));
    JsonObject next = nobody.get(V1 + "/games?limit=1&cursor=" + page.getString("next")).data();
    assertEquals(first, next.getJsonArray("items").getJsonObject(0).getString("gameId"));
  }

  // ---- the timer

  private JsonObject drive(String what, String body) {
    Client.Reply reply = publisher.post(V1 + "/timer/" + what, body);
    assertEquals(200, reply.status());
    return reply.data();
  }

  @Test
  void theTimerTellsTheSameOverEachTransport() throws Exception {
    drive("reset", "{\"duration\":600}");
    try (SseReader stream = nobody.follow("/timer/stream");
        Socket socket = Socket.open(nobody.uri("/timer/ws"))) {
      SseReader.Frame first = stream.next();
      assertNull(first.event());
      JsonObject state = json(first);
      assertEquals("timer_update", state.getString("type"));
      assertEquals(
          Set.of("type", "remaining", "elapsed", "timestamp", "running", "game_completed"),
          state.keySet());
      assertEquals(state.keySet(), json(socket.next()).keySet());
      JsonObject asked = nobody.get("/timer").json();
      assertEquals(600, asked.getInt("remaining"), "at the top level too");
      assertEquals(600, nobody.get(V1 + "/timer").data().getInt("remaining"));

      drive("start", "");
      // What was changed right before they came may be told once more.
      stream.next(frame -> frame.data() != null && json(frame).getBoolean("running"));
      while (!json(socket.next()).getBoolean("running")) {
        // that
      }
      for (int i = 1; i <= 3; i++) {
        assertEquals(i, number(json(stream.next()), "elapsed"), 0.5);
        assertEquals(i, number(json(socket.next()), "elapsed"), 0.5);
      }
      drive("penalty", "{\"seconds\":100}");
      stream.next(frame -> frame.data() != null && number(json(frame), "elapsed") >= 103);
      drive("complete", "");
      assertTrue(
          json(stream.next(f -> f.data() != null && f.data().contains("\"game_completed\":true")))
                  .getJsonNumber("remaining")
                  .doubleValue()
              < 497.1);
      assertEquals(409, publisher.post(V1 + "/timer/start", "").status());
      assertEquals(409, publisher.post(V1 + "/timer/penalty", "{}").status());
    }
  }

  @Test
  void ticksComeOnceASecondAndOnTheSecond() throws Exception {
    drive("start", "{\"duration\":600}");
    try (SseReader stream = ann.follow(V1 + "/timer/stream")) {
      stream.next();
      drive("pause", "");
      drive("start", "");
      stream.during(Duration.ofMillis(1_500));
      List<JsonObject> ticks =
          stream.during(Duration.ofSeconds(5)).stream().map(LiveIT::json).toList();
      assertTrue(ticks.size() == 5 || ticks.size() == 6 || ticks.size() == 4, ticks::toString);
      for (JsonObject tick : ticks) {
        assertTrue(tick.getJsonNumber("elapsed").doubleValue() % 1 < 0.4, ticks::toString);
      }
    }
    drive("reset", "");
  }

  @Test
  void onlyPublishersDriveTheTimerAndWithTimesThatCanBe() {
    for (String what : List.of("start", "pause", "reset", "penalty", "complete")) {
      assertEquals(403, ann.post(V1 + "/timer/" + what, "").status());
      assertEquals(401, nobody.post(V1 + "/timer/" + what, "").status());
    }
    for (String body :
        List.of("{\"duration\":0}", "{\"duration\":-5}", "{\"duration\":99999999}")) {
      assertEquals(400, publisher.post(V1 + "/timer/start", body).status());
    }
    assertEquals(400, publisher.post(V1 + "/timer/penalty", "{\"seconds\":-5}").status());
  }

  @Test
  void aSocketAnswersWhenAskedAndPassesOverTheRest() {
    drive("reset", "");
    try (Socket socket =
        Socket.open(ann.uri("/timer/ws"), "Authorization", "Bearer " + ann.token())) {
      socket.next();
      socket.settle(); // the change to it may come too
      socket.say("{\"type\":\"sync\"}");
      assertEquals("timer_update", json(socket.next()).getString("type"));
      for (String odd :
          List.of(
              "", "nix", "{", "[]", "{\"type\":1}", "{\"type\":\"x\"}", "42", "[".repeat(1_000))) {
        socket.say(odd);
      }
      await().pollDelay(Duration.ofMillis(300)).until(() -> socket.waiting() == 0);
      long begun = System.nanoTime();
      for (int i = 0; i < 200; i++) {
        socket.say("{\"type\":\"sync\"}");
      }
      await().pollDelay(Duration.ofMillis(500)).until(() -> true);
      long tenths = (System.nanoTime() - begun) / 100_000_000;
      assertTrue(socket.waiting() <= tenths + 2, () -> socket.waiting() + " in " + tenths);
      socket.say("x".repeat(5_000));
      assertEquals(1_009, socket.closed());
    }
    try (Socket socket = Socket.open(ann.uri("/timer/ws?token=" + ann.token()))) {
      socket.sayBytes(new byte[10]);
      assertEquals(1_003, socket.closed());
    }
  }

  @Test
  void aSocketIsOpenedByTheSameCredentialsAsAStreamAndFromPagesThatMay() {
    java.net.URI ws = ann.uri("/timer/ws");
    String own = server.base().toString().replaceFirst("/$", "");
    assertEquals(401, Socket.refusal(ann.uri("/timer/ws?token=nix")));
    assertEquals(401, Socket.refusal(ann.uri(V1 + "/timer/ws?ticket=nix")));
    assertEquals(401, Socket.refusal(ws, "Authorization", "Bearer nix"));
    assertEquals(401, Socket.refusal(ws, "Cookie", "studio_session=nix"));
    assertEquals(403, Socket.refusal(ws, "Origin", "https://evil.example"));
    assertEquals(403, Socket.refusal(ws, "Origin", "null"));
    assertEquals(426, ann.get("/timer/ws").status());
    for (String spelling : List.of("/timer/%77s", "/timer/ws;x=1", "/api/v1//timer/ws", "/nix")) {
      assertEquals(404, Socket.refusal(ann.uri(spelling + "?token=" + ann.token())), spelling);
    }
    Socket.open(ws, "Origin", own).close();
    assertEquals(403, Socket.refusal(ws, "Origin", own + "1"));
    Socket.open(ws, "Origin", "http://localhost:3000").close();
    Socket.open(ann.uri("/timer/ws?token=" + ann.token())).close();
    Socket.open(ws, "Cookie", "studio_session=" + ann.token()).close();
    String ticket = ann.post(V1 + "/events/tickets", "").data().getString("ticket");
    Socket.open(ann.uri("/timer/ws?ticket=" + ticket)).close();
    assertEquals(401, Socket.refusal(ann.uri("/timer/ws?ticket=" + ticket)), "once");
  }

  @Test
  void aSocketEndsWithItsTokenOrItsSessionAndTakesAPlace() throws Exception {
    Client brief = Client.of(server.base(), "brief-" + UUID.randomUUID(), Duration.ofSeconds(4));
    try (Socket socket = Socket.open(brief.uri("/timer/ws?token=" + brief.token()))) {
      assertEquals(1_008, socket.closed());
    }
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      sockets.add(Socket.open(bob.uri("/timer/ws?token=" + bob.token())));
      sockets.get(i).next();
    }
    HttpResponse<?> seventh = Socket.refused(bob.uri("/timer/ws?token=" + bob.token()));
    assertEquals(429, seventh.statusCode());
    assertTrue(Integer.parseInt(seventh.headers().firstValue("Retry-After").orElseThrow()) > 0);
    assertTrue(answer(bob, 13, "too_many_streams").startsWith("HTTP/1.1 429 "));
    assertEquals(429, bob.follow(V1 + "/timer/stream").status());
    sockets.forEach(Socket::close);
    await().atMost(SOON).untilAsserted(() -> bob.follow(V1 + "/timer/stream").close());

    String cookie = "studio_session=" + ann.token();
    try (Socket socket = Socket.open(ann.uri("/timer/ws"), "Cookie", cookie)) {
      socket.next();
      HttpRequest.Builder end = nobody.request(V1 + "/session").header("Cookie", cookie);
      assertEquals(204, nobody.send(end.DELETE()).status());
      assertEquals(1_008, socket.closed());
    }
  }

  @Test
  void aSocketThatIsRefusedDisturbsNobody() {
    drive("start", "{\"duration\":600}");
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 6; i++) {
        sockets.add(Socket.open(bob.uri("/timer/ws?token=" + bob.token())));
        sockets.get(i).next();
      }
      for (int i = 0; i < 75; i++) {
        assertEquals(429, Socket.refusal(bob.uri("/timer/ws?token=" + bob.token())));
        if (i % 5 == 0) {
          drive("penalty", "{\"seconds\":1}");
        }
      }
      assertAllTellTheTime(sockets);
    } finally {
      sockets.forEach(Socket::close);
    }
  }

  /** What comes after a handshake of that version, which nothing follows, up to those words. */
  private String answer(Client by, int version, String upTo) throws IOException {
    String request =
        "GET /timer/ws?token=%s HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n".formatted(by.token())
            + "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + "Sec-WebSocket-Version: %d\r\n\r\n".formatted(version);
    try (java.net.Socket socket =
        new java.net.Socket(server.base().getHost(), server.base().getPort())) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      StringBuilder answer = new StringBuilder();
      while (answer.indexOf(upTo) < 0) {
        int next = read(socket);
        assertTrue(next >= 0, answer::toString);
        answer.append((char) next);
      }
      return answer.toString();
    }
  }

  /** The next byte, or -1 when none comes. */
  private static int read(java.net.Socket socket) throws IOException {
    try {
      return socket.getInputStream().read();
    } catch (SocketTimeoutException e) {
      return -1;
    }
  }

  private void assertAllTellTheTime(List<Socket> sockets) {
    drive("penalty", "{\"seconds\":1}");
    double remaining = number(ann.get(V1 + "/timer").data(), "remaining");
    for (Socket socket : sockets) {
      while (number(json(socket.next()), "remaining") > remaining) {
        assertTrue(socket.waiting() < 1_000);
      }
    }
  }

  @Test
  void aSocketThatIsClosedAsSoonAsItIsOpenDisturbsNobody() {
    drive("start", "{\"duration\":600}");
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 6; i++) {
        sockets.add(Socket.open(bob.uri("/timer/ws?token=" + bob.token())));
      }
      for (int i = 0; i < 3; i++) {
        List<Socket> closed = new ArrayList<>();
        for (int n = 0; n < 20; n++) {
          Client one = Client.of(server.base(), "one-" + n);
          closed.add(Socket.open(one.uri("/timer/ws?token=" + one.token())));
          closed.get(n).sayBytes(new byte[10]);
        }
        closed.forEach(socket -> assertEquals(1_003, socket.closed()));
      }
      assertAllTellTheTime(sockets);
    } finally {
      sockets.forEach(Socket::close);
    }
  }

  @Test
  void aHandshakeThatFailsKeepsNoPlace() throws IOException {
    Client eve = Client.of(server.base(), "eve-" + UUID.randomUUID());
    for (int i = 0; i < 10; i++) {
      String answer = answer(eve, 5, "\r\n\r\n");
      assertTrue(answer.startsWith("HTTP/1.1 4") && !answer.contains(" 429 "), answer);
    }
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      sockets.add(Socket.open(eve.uri("/timer/ws?token=" + eve.token())));
    }
    sockets.forEach(Socket::close);
  }

  @Test
  void aSocketEndsAlsoWhenItsClientAnswersNothing() throws IOException {
    Client brief = Client.of(server.base(), "brief-" + UUID.randomUUID(), Duration.ofSeconds(5));
    String answer = answer(brief, 13, "token_expired");
    assertTrue(answer.startsWith("HTTP/1.1 101 "), answer);
    assertTrue(answer.contains("\u0089\0"), "it was pinged");
  }

  @Test
  void whoHangsUpAtOnceLeavesNoPlaceTaken() {
    drive("reset", "");
    for (int i = 0; i < 100; i++) {
      Client one = Client.of(server.base(), "gone-" + i);
      Socket.open(one.uri("/timer/ws?token=" + one.token())).close();
    }
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> metric("studio_connections{transport=\"websocket\"}") == 0);
  }

  // ---- chat

  private static Client.Reply say(Client by, String room, String text) {
    return by.post(
        V1 + "/chat/messages",
        Json.createObjectBuilder().add("text", text).add("room", room).build().toString());
  }

  private static String room() {
    return UUID.randomUUID().toString().substring(0, 8);
  }

  @Test
  void whatIsSaidIsHeardInItsRoomByEverybodyAndNowhereElse() throws Exception {
    String room = room();
    try (SseReader anns = ann.follow(V1 + "/chat/stream?room=" + room);
        SseReader nobodys = nobody.follow(V1 + "/chat/stream?room=" + room);
        SseReader lobby = bob.follow("/chat-events")) {
      Client.Reply reply = say(bob, room, "<b>hello</b>\nworld");
      assertEquals(201, reply.status());
      for (SseReader reader : List.of(anns, nobodys)) {
        SseReader.Frame frame = reader.next("message");
        assertEquals(reply.data().getString("id"), frame.id());
        assertEquals(Set.of("user", "text"), json(frame).keySet());
        assertEquals(bob.user(), json(frame).getString("user"));
        assertEquals("<b>hello</b>\nworld", json(frame).getString("text"));
      }
      Client.Reply literal = ann.post("/send-message", "{\"message\":\"to all\",\"user\":\"x\"}");
      assertEquals("to all", literal.json().getString("text"), "at the top level too");
      SseReader.Frame frame = lobby.next(f -> f.data() != null && f.data().contains("to all"));
      assertEquals(ann.user(), json(frame).getString("user"), "the caller, not the body");
    }
  }

  @Test
  void whoComesGetsTheLastFiftyAndWhoComesBackWhatHeMissed() throws Exception {
    String room = room();
    for (int i = 0; i < 55; i++) {
      Client each = i % 6 == 0 ? Client.of(server.base(), "w" + i + UUID.randomUUID()) : null;
      if (each != null) {
        bob = each;
      }
      assertEquals(201, say(bob, room, "m" + i).status());
    }
    String last = null;
    try (SseReader reader = nobody.follow(V1 + "/chat/stream?room=" + room)) {
      for (int i = 5; i < 55; i++) {
        SseReader.Frame frame = reader.next("message");
        assertEquals("m" + i, json(frame).getString("text"));
        last = frame.id();
      }
    }
    say(ann, room, "missed");
    try (SseReader reader =
        nobody.follow(V1 + "/chat/stream?room=" + room + "&lastEventId=" + last)) {
      assertEquals("missed", json(reader.next("message")).getString("text"));
    }
    try (SseReader reader = ann.follow(V1 + "/stream?channels=chat/" + room)) {
      JsonObject recent = nextOf(reader, "chat/" + room).getJsonObject("data");
      assertEquals(50, recent.getJsonArray("messages").size());
      say(bob, room, "live");
      assertEquals(
          "live",
          json(reader.next(f -> f.data() != null && f.data().contains("\"message\"")))
              .getJsonObject("data")
              .getString("text"));
    }
    assertEquals(
        57, nobody.get(V1 + "/events?limit=100&after=0&channels=chat/" + room).items().size());
  }

  @Test
  void aReconnectIsNoLeaveAndJoin() throws Exception {
    String room = room();
    String path = V1 + "/chat/stream?room=" + room;
    try (SseReader watcher = nobody.follow(path)) {
      SseReader first = ann.follow(path);
      assertEquals(ann.user(), json(watcher.next("user-joined")).getString("user"));
      SseReader second = ann.follow(path);
      first.cut();
      second.cut();
      SseReader third = ann.follow(path);
      assertEquals(List.of(), watcher.during(Duration.ofSeconds(7)));
      third.cut();
      assertEquals(ann.user(), json(watcher.next("user-left")).getString("user"));
    }
  }

  @Test
  void whatAnAdminTakesAwayIsGoneForAllAndFromTheHistory() throws Exception {
    String room = room();
    try (SseReader reader = ann.follow(V1 + "/chat/stream?room=" + room)) {
      String id = say(bob, room, "a secret").data().getString("id");
      reader.next("message");
      String path = V1 + "/chat/messages/" + id;
      assertEquals(403, bob.delete(path + "?room=" + room).status());
      assertEquals(404, root.delete(path).status(), "it is in another room");
      assertEquals(204, root.delete(path + "?room=" + room).status());
      assertEquals(404, root.delete(path + "?room=" + room).status());
      assertEquals(id, json(reader.next("erased")).getString("id"));
      say(bob, room, "no secret");
      try (SseReader late = nobody.follow(V1 + "/chat/stream?room=" + room)) {
        assertEquals("no secret", json(late.next()).getString("text"));
      }
      Client.Reply history = nobody.get(V1 + "/events?after=0&channels=chat/" + room);
      assertFalse(new String(history.bytes(), UTF_8).contains("a secret"));
      try (SseReader replay = root.stream("?replay=1000")) {
        assertFalse(
            replay.during(Duration.ofSeconds(1)).stream()
                .anyMatch(frame -> frame.data().contains("a secret")));
      }
    }
    String event = publisher.publish("chat.message", "1", "public");
    assertEquals(404, root.delete(V1 + "/chat/messages/" + event).status());
  }

  @Test
  void aSpeakerIsBounded() {
    String room = room();
    long taken =
        IntStream.range(0, 30).parallel().filter(i -> say(ann, room, "x").status() == 201).count();
    assertEquals(10, taken);
    for (String text : List.of("", " ", "x".repeat(1_001), "a\u0007b")) {
      assertEquals(400, say(bob, room, text).status());
    }
    assertEquals(400, say(bob, "no room!", "x").status());
    assertEquals(401, say(nobody, room, "x").status());
    assertEquals(400, bob.get(V1 + "/chat/stream?room=no%20room").status());
  }

  @Test
  void withoutAModelTheCaptionWriterSaysWhatItIsAndWhatTheStudioKnows() throws Exception {
    ann.transform(ann.photo(TestImages.jpeg(300, 200), "private"), "vintage");
    await().atMost(SOON).until(() -> !ann.get(V1 + "/notifications").items().isEmpty());
    try (SseReader reader = ann.follow(V1 + "/assistant/stream?prompt=a%20caption")) {
      reader.next("start");
      StringBuilder text = new StringBuilder();
      SseReader.Frame frame = reader.next();
      for (; "token".equals(frame.event()); frame = reader.next()) {
        text.append(frame.data());
      }
      assertEquals("complete", frame.event());
      assertTrue(text.toString().contains("not a language model"), text::toString);
      assertTrue(text.toString().contains("1 photo and 1 styled picture"), text::toString);
      assertTrue(text.toString().contains("Vintage (1)"), text::toString);
      assertTrue(
          text.toString().contains("newest event is transformation.completed at"), text::toString);
    }
  }

  // ---- several channels over one connection

  private static String clientId(SseReader reader) throws InterruptedException {
    return json(reader.next("connected")).getJsonObject("data").getString("clientId");
  }

  private static JsonObject nextOf(SseReader reader, String channel) throws InterruptedException {
    return json(
        reader.next(
            frame ->
                frame.event() == null
                    && frame.data() != null
                    && frame.data().startsWith("{\"channel\":\"" + channel + "\"")));
  }

  @Test
  void sixFeedsAreFollowedOverOneConnectionAndResumed() throws Exception {
    String game = game();
    String channels = "events,notifications,quota,posts,timer,games/" + game;
    String id;
    try (SseReader reader = ann.follow("/api/stream?channels=" + channels)) {
      clientId(reader);
      assertEquals("unread", nextOf(reader, "notifications").getString("event"));
      assertEquals("quota", nextOf(reader, "quota").getString("event"));
      assertEquals("stats", nextOf(reader, "posts").getString("event"));
      assertEquals("timer_update", nextOf(reader, "timer").getString("event"));
      assertEquals("initial", nextOf(reader, "games/" + game).getString("event"));
      score(game, 1, 0, "goal");
      assertEquals("goal", nextOf(reader, "games/" + game).getString("event"));
      ann.post(V1 + "/github/posts", "{\"title\":\"t\"}");
      assertEquals("stats-update", nextOf(reader, "posts").getString("event"));
      drive("reset", "");
      assertEquals("timer_update", nextOf(reader, "timer").getString("event"));
      ann.photo(TestImages.jpeg(300, 200), "private");
      assertEquals("photo.uploaded", nextOf(reader, "events").getString("event"));
      mention(bob, ann, "one");
      SseReader.Frame frame =
          reader.next(f -> f.data() != null && f.data().contains("\"notification\""));
      id = frame.id();
    }
    mention(bob, ann, "two");
    ann.photo(TestImages.jpeg(300, 200), "private");
    try (SseReader reader =
        ann.follow(V1 + "/stream?channels=" + channels + "&lastEventId=" + id)) {
      SseReader.Frame missed =
          reader.next(f -> f.data() != null && f.data().contains("\"notification\""));
      assertEquals(
          "two",
          json(missed).getJsonObject("data").getString("text"),
          "what was missed, by one id");
      assertEquals("photo.uploaded", nextOf(reader, "events").getString("event"));
    }
  }

  @Test
  void eachChannelAsksForItsOwnRights() throws Exception {
    String metrics = V1 + "/stream?channels=events,metrics";
    assertEquals(403, ann.get(metrics).status());
    assertTrue(ann.get(metrics).json().getString("detail").contains("'metrics'"));
    assertEquals(403, ann.get(V1 + "/stream?channels=games/nix").status());
    assertEquals(400, ann.get(V1 + "/stream?channels=games").status());
    assertEquals(400, ann.get(V1 + "/stream?channels=quota/x").status());
    assertEquals(403, nobody.get(V1 + "/stream?channels=quota").status());
    String game = game();
    try (SseReader reader = nobody.follow(V1 + "/stream")) {
      clientId(reader);
      nextOf(reader, "games/" + game);
      nextOf(reader, "timer");
    }
    try (SseReader reader = root.follow(V1 + "/stream")) {
      clientId(reader);
      nextOf(reader, "metrics");
    }
  }

  private static JsonValue patched(Client client, String id, String body) {
    Client.Reply reply = client.patch(V1 + "/streams/" + id, body);
    assertEquals(200, reply.status());
    return reply.data().get("channels");
  }

  @Test
  void channelsComeAndGoOnAnOpenConnection() throws Exception {
    String game = game();
    try (SseReader reader = ann.follow(V1 + "/stream?channels=timer")) {
      String id = clientId(reader);
      nextOf(reader, "timer");
      String change = "{\"add\":[\"games/" + game + "\",\"events\"],\"remove\":[\"timer\"]}";
      assertEquals("[\"games/" + game + "\",\"events\"]", patched(ann, id, change).toString());
      assertEquals("initial", nextOf(reader, "games/" + game).getString("event"));
      drive("reset", "");
      score(game, 1, 0, null);
      SseReader.Frame next = reader.next();
      assertEquals("games/" + game, json(next).getString("channel"), "and nothing of the timer");
      ann.photo(TestImages.jpeg(300, 200), "private");
      assertEquals("photo.uploaded", nextOf(reader, "events").getString("event"));

      String path = V1 + "/streams/" + id;
      assertEquals(404, bob.patch(path, "{\"add\":[\"quota\"]}").status());
      assertEquals(404, nobody.patch(path, "{\"add\":[\"timer\"]}").status());
      assertEquals(404, root.patch(path, "{\"add\":[\"quota\"]}").status());
      assertEquals(403, ann.patch(path, "{\"add\":[\"metrics\"]}").status());
      assertEquals(400, ann.patch(path, "{\"add\":[\"nix\"]}").status());
      assertEquals(400, ann.patch(path, "{}").status());
      assertEquals(400, ann.patch(path, "{\"add\":[null]}").status());
      assertEquals(
          400, ann.patch(path, "{\"remove\":[\"events\",\"games/" + game + "\"]}").status());
      assertEquals(
          "[\"games/" + game + "\",\"events\",\"quota\"]",
          patched(ann, id, "{\"add\":[\"quota\",\"events\"]}").toString());
      reader.cut();
      await().atMost(SOON).until(() -> ann.patch(path, "{\"add\":[\"timer\"]}").status() == 404);
    }
  }

  @Test
  void aChannelsSnapshotComesBeforeItsItemsHoweverMuchHappens() throws Exception {
    try (SseReader reader = bob.follow(V1 + "/stream?channels=timer")) {
      String id = clientId(reader);
      Thread busy =
          new Thread(
              () -> {
                for (int i = 0; i < 10; i++) {
                  mention(ann, bob, "m" + i);
                }
              });
      busy.start();
      for (int i = 0; i < 20; i++) {
        patched(bob, id, "{\"add\":[\"notifications\"]}");
        assertEquals("unread", nextOf(reader, "notifications").getString("event"), "try " + i);
        patched(bob, id, "{\"remove\":[\"notifications\"]}");
        reader.during(Duration.ofMillis(60));
      }
      busy.join();
      patched(bob, id, "{\"add\":[\"notifications\"]}");
      assertEquals(10, nextOf(reader, "notifications").getJsonObject("data").getInt("count"));
    }
  }

  // ---- the paths that older clients know

  /** As a script reads a stream that knows no more of it than "data: ". */
  private static String naive(Client client, String path) throws Exception {
    java.net.http.HttpRequest request = client.request(path).build();
    try (java.util.stream.Stream<String> lines =
        java.net.http.HttpClient.newHttpClient()
            .send(request, java.net.http.HttpResponse.BodyHandlers.ofLines())
            .body()) {
      return lines
          .filter(line -> line.startsWith("data: "))
          .findFirst()
          .orElseThrow()
          .substring("data: ".length());
    }
  }

  @Test
  void aNaiveReaderOfLinesFindsWhatItExpects() throws Exception {
    String game = game();
    String room = room();
    say(ann, room, "to the naive");
    assertEquals(0, json(naive(nobody, "/api/games/" + game + "/stream")).getInt("home_score"));
    assertTrue(json(naive(nobody, "/timer/stream")).containsKey("remaining"));
    assertEquals("to the naive", json(naive(ann, "/chat-events?room=" + room)).getString("text"));
    assertTrue(json(naive(ann, "/quota/stream")).containsKey("quota"));
    assertTrue(json(naive(ann, "/api/github/events/length/stream")).containsKey("count"));
    assertTrue(json(naive(ann, "/github/posts/stats/stream")).containsKey("stats"));
    assertTrue(json(naive(ann, "/github/events/stream")).containsKey("events"));
    assertTrue(json(naive(root, "/api/metrics/stream")).containsKey("cpu_usage"));
    assertTrue(naive(ann, "/chat-stream?q=hi").matches("(Seen|The) "));
    assertEquals("hi", json(naive(ann, "/ai-stream?prompt=hi")).getString("prompt"));
  }

  // ---- what is kept

  @Test
  void aRestartNeitherStopsNorSetsBackTheTimerAndKeepsTheRest() throws Exception {
    String game = game();
    score(game, 3, 2, null);
    mention(publisher, bob, "before");
    bob.post(V1 + "/notifications/read-all", "");
    mention(publisher, bob, "after");
    JsonObject before = drive("start", "{\"duration\":3600}");
    server.kill();
    server = Server.startAt(server.base().getPort(), dir, settings());
    JsonObject after = bob.get(V1 + "/timer").data();
    assertTrue(after.getBoolean("running"));
    assertEquals(
        number(after, "timestamp") - number(before, "timestamp"),
        number(after, "elapsed") - number(before, "elapsed"),
        0.002);
    assertEquals(3, bob.get(V1 + "/games/" + game).data().getInt("home_score"));
    assertEquals(1, bob.get(V1 + "/notifications?unread=true").items().size());
    assertEquals(2, bob.get(V1 + "/notifications").items().size());
    try (SseReader reader = bob.follow(V1 + "/timer/stream")) {
      reader.next();
      assertFalse(reader.during(Duration.ofSeconds(2)).isEmpty());
    }
  }

  private static double number(JsonObject state, String name) {
    return state.getJsonNumber(name).doubleValue();
  }
}
