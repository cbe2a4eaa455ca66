package devfest.studio.feeds.games;

import static org.junit.jupiter.api.Assertions.assertEquals;

import devfest.studio.Client;
import devfest.studio.SharedServerTest;
import devfest.studio.SseReader;
import jakarta.json.JsonObject;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Games, their scores and their feeds. */
class GamesIT extends SharedServerTest {

  @Test
  void everybodyCanFollowAScoreUntilTheGameFinishes() throws Exception {
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
  void onlyPublishersScoreGamesAndOnlyWithValidNumbers() throws Exception {
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

  @Test
  void aPublishersScoreOnTheLiteralPathCreatesItsGame() throws Exception {
    String id = "final-" + UUID.randomUUID();
    String longest = "x".repeat(64 - id.length()) + id;
    String score = "{\"home_score\":2,\"away_score\":1}";
    for (String game : List.of(id, longest)) {
      String path = "/api/games/" + game + "/score";
      assertEquals(403, bob.post(path, score).status());
      assertEquals(404, publisher.post("/api/v1/games/" + game + "/score", score).status());
      Client.Reply reply = publisher.post(path, score);
      assertEquals(200, reply.status());
      assertEquals(2, reply.json().getInt("home_score"));
      assertEquals(game, reply.json().getString("gameId"));
      try (SseReader reader = bob.follow("/api/games/" + game + "/stream");
          SseReader channel = bob.follow("/api/stream?channels=games/" + game)) {
        assertEquals(1, json(reader.next("initial")).getInt("away_score"));
        channel.next(f -> f.data() != null && f.data().contains("initial"));
        assertEquals(200, publisher.post(path, "{\"home_score\":3,\"away_score\":1}").status());
        // The score that created the game may be sent as a change, too.
        reader.next(f -> "score".equals(f.event()) && json(f).getInt("home_score") == 3);
        channel.next(f -> f.data() != null && f.data().contains("\"home_score\":3"));
      }
    }
    for (String wrong : List.of("x".repeat(65), "Final", "a_b", "a.b", "%C3%A9")) {
      assertEquals(404, publisher.post("/api/games/" + wrong + "/score", score).status(), wrong);
    }
    assertEquals(400, publisher.post("/api/games/new-one/score", "{}").status());
    assertEquals(404, bob.get("/api/v1/games/new-one").status(), "no game of a bad score");
  }

  @Test
  void racingFirstScoresCreateOneGame() throws Exception {
    String path = "/api/games/" + UUID.randomUUID() + "/score";
    ExecutorService pool = Executors.newFixedThreadPool(10);
    try {
      String score = "{\"home_score\":1,\"away_score\":0}";
      List<Future<Integer>> answers =
          pool.invokeAll(Collections.nCopies(10, () -> publisher.post(path, score).status()));
      for (Future<Integer> answer : answers) {
        assertEquals(200, answer.get());
      }
    } finally {
      pool.shutdown();
    }
  }
}
