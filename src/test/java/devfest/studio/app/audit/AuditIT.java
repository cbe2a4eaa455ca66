package devfest.studio.app.audit;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.SharedServerTest;
import devfest.studio.Socket;
import devfest.studio.TestImages;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The audit trail of a running studio. */
class AuditIT extends SharedServerTest {

  private static final String AUDIT = "/api/v1/audit?limit=100";

  private List<JsonObject> trail(String query) {
    return root.get(AUDIT + query).items().getValuesAs(JsonObject.class);
  }

  private JsonObject only(String query) {
    List<JsonObject> rows = trail(query);
    assertEquals(1, rows.size(), rows::toString);
    return rows.get(0);
  }

  @Test
  void sessionsAndTokensAreRecordedWithoutTheirText() {
    Instant before = Instant.now().minusSeconds(1);
    Client.Reply begun = ann.post(V1 + "/session", "");
    String set = begun.header("Set-Cookie");
    String cookie = set.substring(0, set.indexOf(';'));
    nobody.send(nobody.request(V1 + "/session").header("Cookie", cookie).DELETE());
    nobody.send(nobody.request(V1 + "/session").header("Cookie", cookie).DELETE());
    List<JsonObject> rows = trail("&user=" + ann.user());
    assertEquals(
        List.of("end-session", "begin-session"),
        rows.stream().map(row -> row.getString("action")).toList());
    JsonObject row = rows.get(1);
    assertEquals("done", row.getString("outcome"));
    assertTrue(row.getString("address").length() > 2);
    assertEquals(root.get(V1 + "/health").data().getString("node"), row.getString("node"));
    assertTrue(Instant.parse(row.getString("timestamp")).isAfter(before));
    assertFalse(root.get(AUDIT).json().toString().contains(ann.token()));
    assertTrue(
        trail("&action=issue-dev-token").stream()
            .anyMatch(token -> token.getString("target").equals(ann.user())));
  }

  private int refusedSignIns() {
    return trail("&action=sign-in").stream().mapToInt(row -> row.getInt("times")).sum();
  }

  @Test
  void aFloodOfRefusedCredentialsIsAFewRows() {
    int before = refusedSignIns();
    int rows = trail("&action=sign-in").size();
    Client forged = ann.withToken("a.b.c");
    for (int i = 0; i < 50; i++) {
      assertEquals(401, forged.get(V1 + "/quota").status());
    }
    assertEquals(401, nobody.get(V1 + "/events/stream?token=x").status());
    assertEquals(401, nobody.get(V1 + "/events/stream?ticket=x").status());
    assertEquals(401, Socket.refusal(nobody.uri("/timer/ws?token=x")));
    assertEquals(401, nobody.get(V1 + "/quota").status(), "without a credential, not recorded");
    await().untilAsserted(() -> assertEquals(before + 53, refusedSignIns()));
    assertTrue(trail("&action=sign-in").size() <= rows + 8);
  }

  @Test
  void whatAdminsDoToThingsOfOthersIsRecorded() {
    String own = ann.photo(TestImages.jpeg(64, 48), "public");
    String foreign = ann.photo(TestImages.jpeg(64, 49), "public");
    assertEquals(204, ann.delete(V1 + "/photos/" + own).status());
    assertEquals(List.of(), trail("&user=" + ann.user()));
    assertEquals(204, root.delete(V1 + "/photos/" + foreign).status());
    assertEquals(foreign, only("&user=" + root.user()).getString("target"));
    assertEquals("delete-photo", only("&user=" + root.user()).getString("action"));
    String room = room();
    String message = say(ann, room, "hello").data().getString("id");
    assertEquals(204, root.delete(V1 + "/chat/messages/" + message + "?room=" + room).status());
    assertEquals(message, only("&action=delete-message&user=" + root.user()).getString("target"));
    String post = ann.post(V1 + "/github/posts", "{\"title\":\"x\"}").data().getString("postId");
    assertEquals(204, root.delete(V1 + "/github/posts/" + post).status());
    assertEquals(post, only("&action=delete-post&user=" + root.user()).getString("target"));
    assertEquals(204, root.delete(V1 + "/users/" + ann.user() + "/sessions").status());
    assertEquals(
        ann.user(), only("&action=revoke-sessions&user=" + root.user()).getString("target"));
  }

  @Test
  void refusedCallsAreRecordedAndOnlyAdminsReadTheTrail() {
    assertEquals(403, ann.get(AUDIT).status());
    assertEquals(403, ann.delete(V1 + "/users/" + bob.user() + "/sessions").status());
    assertEquals(401, nobody.get(AUDIT).status());
    List<JsonObject> rows = trail("&action=call&user=" + ann.user());
    assertEquals(
        List.of("DELETE /users/{id}/sessions", "GET /audit"),
        rows.stream().map(row -> row.getString("target")).toList());
    assertEquals("refused", rows.get(0).getString("outcome"));
    assertEquals(List.of(), trail("&user=" + root.user()), "reading is not recorded");
    assertEquals(400, root.get(AUDIT + "&action=nonsense").status());
    assertEquals(400, root.get(AUDIT + "&user=%00").status());
  }

  @Test
  void theTrailIsReadInPages() {
    for (int i = 0; i < 5; i++) {
      ann.post(V1 + "/session", "");
    }
    String path = V1 + "/audit?limit=3&user=" + ann.user();
    JsonObject first = root.get(path).data();
    JsonObject second = root.get(path + "&cursor=" + first.getString("next")).data();
    assertEquals(3, first.getJsonArray("items").size());
    assertEquals(2, second.getJsonArray("items").size());
    assertTrue(second.isNull("next"));
  }
}
