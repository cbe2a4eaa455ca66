package devfest.studio.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.SharedServerTest;
import devfest.studio.Socket;
import jakarta.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the session cookie signs in, and what pages of other origins cannot do with it. */
class SessionIT extends SharedServerTest {

  private static final List<String> PRIVATE =
      List.of("/me", "/photos", "/notifications", "/quota", "/github/hooks");

  private String cookie;

  @BeforeEach
  void signIn() {
    String set = ann.post(V1 + "/session", "").header("Set-Cookie");
    cookie = set.substring(0, set.indexOf(';'));
  }

  private String own() {
    URI base = base();
    return base.getScheme() + "://" + base.getAuthority();
  }

  /** The headers of calls that are not from the studio's own pages. */
  private List<String[]> foreign() {
    String own = own();
    return List.of(
        new String[] {},
        new String[] {"Origin", "https://evil.example"},
        new String[] {"Origin", "null"},
        new String[] {"Origin", own + "0"},
        new String[] {"Origin", own + ".evil.example"},
        new String[] {"Origin", "http://localhost:3000"},
        new String[] {"Sec-Fetch-Site", "none"},
        new String[] {"Sec-Fetch-Site", "same-site"},
        new String[] {"Sec-Fetch-Site", "cross-site"},
        new String[] {"Sec-Fetch-Site", "cross-site", "Origin", own},
        new String[] {"Sec-Fetch-Site", ""});
  }

  private Client.Reply send(HttpRequest.Builder request, String... headers) {
    request.header("Cookie", cookie);
    return nobody.send(headers.length == 0 ? request : request.headers(headers));
  }

  @Test
  void theCookieIsTheUserForTheStudiosOwnPages() {
    for (String[] headers :
        List.of(new String[] {"Sec-Fetch-Site", "same-origin"}, new String[] {"Origin", own()})) {
      JsonObject me = send(nobody.request(V1 + "/me"), headers).data();
      assertEquals(ann.user(), me.getString("user"));
      Client.Reply draft =
          send(
              nobody
                  .request(V1 + "/github/posts")
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString("{\"title\":\"By the page\"}")),
              headers);
      assertEquals(201, draft.status());
    }
  }

  @Test
  void privateDataIsNotReadForOtherOrigins() {
    for (String[] headers : foreign()) {
      for (String path : PRIVATE) {
        assertEquals(
            401, send(nobody.request(V1 + path), headers).status(), String.join(" ", headers));
      }
    }
  }

  @Test
  void nothingIsChangedForOtherOriginsWhateverTheBody() {
    for (String[] headers : foreign()) {
      for (String type :
          List.of("application/json", "text/plain", "application/x-www-form-urlencoded")) {
        for (String path : List.of("/github/posts", "/github/hooks", "/chat/messages")) {
          HttpRequest.Builder post =
              nobody
                  .request(V1 + path)
                  .header("Content-Type", type)
                  .POST(BodyPublishers.ofString("{\"title\":\"t\",\"text\":\"t\"}"));
          int status = send(post, headers).status();
          assertTrue(
              status == 401 || (status == 415 && !type.endsWith("json")),
              path + " " + type + " " + status + " " + String.join(" ", headers));
        }
      }
      HttpRequest.Builder form =
          nobody
              .request(V1 + "/photos")
              .header("Content-Type", "multipart/form-data; boundary=x")
              .POST(
                  BodyPublishers.ofString(
                      "--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx\r\n--x--"));
      assertEquals(401, send(form, headers).status());
      assertEquals(
          401,
          send(nobody.request(V1 + "/events/tickets").POST(BodyPublishers.noBody()), headers)
              .status());
    }
    assertTrue(
        ann.get(V1 + "/github/posts").items().stream()
            .noneMatch(post -> post.asJsonObject().getString("title").equals("t")));
    assertTrue(ann.get(V1 + "/github/hooks").items().isEmpty());
  }

  @Test
  void aTextIsNoJsonEvenFromTheStudiosOwnPages() {
    for (String path : List.of("/github/posts", "/github/hooks", "/chat/messages")) {
      HttpRequest.Builder post =
          nobody
              .request(V1 + path)
              .header("Content-Type", "text/plain")
              .POST(BodyPublishers.ofString("{\"title\":\"t\",\"text\":\"t\"}"));
      assertEquals(415, send(post, "Sec-Fetch-Site", "same-origin").status(), path);
    }
  }

  @Test
  void aForeignPageOpensNoSocketWithTheCookie() {
    URI socket = nobody.uri(V1 + "/timer/ws");
    for (String origin : List.of("https://evil.example", "null", own() + "0")) {
      assertEquals(403, Socket.refusal(socket, "Cookie", cookie, "Origin", origin), origin);
    }
  }

  @Test
  void aUserIsShownWithoutTheAddressOfItsEmail() {
    Client mail = Client.of(base(), "zoe." + room() + "@example.org", "publisher");
    JsonObject me = mail.get(V1 + "/me").data();
    assertEquals(mail.user(), me.getString("user"));
    assertTrue(me.getString("publicId").matches("user-[0-9a-f]{10}"), me::toString);
    assertEquals(me.getString("publicId"), mail.get(V1 + "/me").data().getString("publicId"));
    assertFalse(me.getString("displayName").contains("@"), me::toString);
    assertEquals("[\"publisher\"]", me.get("groups").toString());
    assertTrue(me.getString("expiresAt").matches("20[0-9T:.-]+Z"), me::toString);

    JsonObject plain = ann.get(V1 + "/me").data();
    assertEquals(ann.user(), plain.getString("publicId"));
    assertEquals(ann.user(), plain.getString("displayName"));
    assertEquals(401, nobody.get(V1 + "/me").status());
  }

  @Test
  void privateResponsesAreNotCached() {
    for (String path : PRIVATE) {
      assertEquals("no-store", ann.get(V1 + path).header("Cache-Control"), path);
      assertEquals("no-store", nobody.get(V1 + path).header("Cache-Control"), path);
    }
    assertEquals("no-store", ann.get(V1 + "/events").header("Cache-Control"));
    assertEquals("no-store", ann.post(V1 + "/events/tickets", "").header("Cache-Control"));
    assertEquals("no-store", ann.post(V1 + "/session", "").header("Cache-Control"));
    assertEquals("no-store", nobody.get(V1 + "/nothing").header("Cache-Control"));
    assertTrue(
        nobody.get(V1 + "/styles/vintage/preview").header("Cache-Control").contains("max-age"));
  }

  @Test
  void namesThatMisleadAreRefused() {
    for (String name : List.of("an\u202en", "an\u200bn", "\u2066ann\u2069", "an\u200en")) {
      String title = "{\"title\":\"" + name + "\"}";
      assertEquals(400, ann.post(V1 + "/github/posts", title).status());
      assertEquals(400, ann.post(V1 + "/github/hooks", title.replace("title", "name")).status());
      String game = "{\"home\":\"" + name + "\",\"away\":\"Blue\"}";
      assertEquals(400, publisher.post(V1 + "/games", game).status());
      String event = "{\"event\":\"talk\",\"data\":1,\"userId\":\"" + name + "\"}";
      assertEquals(400, publisher.post(V1 + "/events", event).status());
    }
    assertEquals(201, say(ann, room(), "\u200fشكرا").status(), "marks belong to texts");
  }

  @Test
  void theStudiosOwnNamesCannotBePublishedInAnySpelling() {
    for (String type :
        List.of("Photo.uploaded", "PHOTO.UPLOADED", "Erased", "connected.", "Post.x")) {
      String event = "{\"event\":\"" + type + "\",\"data\":1}";
      assertEquals(400, publisher.post(V1 + "/events", event).status(), type);
    }
    for (String channel : List.of("Chat/room", "chat/Room", "QUOTA", "Events", "metrics.")) {
      String event = "{\"event\":\"talk\",\"data\":1,\"channel\":\"" + channel + "\"}";
      assertEquals(400, publisher.post(V1 + "/events", event).status(), channel);
    }
  }
}
