package devfest.studio.app.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.audit.TestAudit;
import devfest.studio.cluster.TestCluster;
import devfest.studio.feeds.tasks.TaskSettings;
import devfest.studio.http.Code;
import devfest.studio.http.Problem;
import devfest.studio.http.Sender;
import devfest.studio.http.TestLinks;
import devfest.studio.http.TestProxies;
import devfest.studio.photos.UploadSettings;
import devfest.studio.security.Public;
import devfest.studio.security.Roles;
import devfest.studio.security.TestCallers;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntranceTest {

  private static final int MB = 1024 * 1024;

  @Path("/talks")
  static class Talks {
    @GET
    @RolesAllowed(Roles.ANY_USER)
    public void list() {}

    @POST
    @RolesAllowed(Roles.ANY_USER)
    public void add() {}

    @POST
    @Path("/{id}/slides")
    @RolesAllowed(Roles.PUBLISHER)
    public void slides() {}

    @POST
    @Path("/vote")
    @PermitAll
    public void vote() {}

    @POST
    @Path("/open")
    @Public
    public void open() {}
  }

  @Path("/events")
  static class Events {
    @POST
    @RolesAllowed(Roles.ANY_USER)
    public void publish() {}
  }

  @Path("/photos")
  static class Uploads {
    @POST
    @RolesAllowed(Roles.ANY_USER)
    public void upload() {}
  }

  private final List<String> records = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final Sender sender = new Sender();
  private final Map<String, String> headers = new TreeMap<>();

  private String peer = "192.0.2.7";

  /** The refusal of addresses with too many failures; null while they have few. */
  private Problem tooMany;

  private Entrance entrance(String contextPath) {
    return new Entrance(
        new Routes(List.of(Talks.class, Events.class, Uploads.class)),
        new SignIn(
            new TestCallers(),
            null,
            new TestAudit(
                (user, action, target, outcome) ->
                    records.add(user + " " + action + " " + target + " " + outcome))),
        new BodyLimit(new UploadSettings(2 * MB, 1), new TaskSettings(3 * MB, 1, 1)),
        new TestProxies("10.0.0.0/8"),
        new TestLinks(contextPath),
        sender,
        new FailedAuthentications(null, null) {
          @Override
          Optional<Problem> count(String address) {
            failures.add(address);
            return Optional.ofNullable(tooMany);
          }
        },
        new TestCluster("one"));
  }

  private Head head(String method, String uri) {
    return new Head() {
      @Override
      public String method() {
        return method;
      }

      @Override
      public String uri() {
        return uri;
      }

      @Override
      public List<String> headers(String name) {
        return headers.containsKey(name) ? List.of(headers.get(name)) : List.of();
      }

      @Override
      public boolean secure() {
        return true;
      }

      @Override
      public String peer() {
        return peer;
      }
    };
  }

  private Front.Verdict admit(String method, String uri) {
    return entrance("").admit(head(method, uri));
  }

  private Refusal refusal(String method, String uri) {
    Front.Verdict verdict = admit(method, uri);
    assertNotNull(verdict.refusal(), uri);
    assertNull(verdict.caller());
    assertEquals("one", verdict.refusal().headers().get("X-Studio-Node"));
    return verdict.refusal();
  }

  private void signIn(String group) {
    headers.put("Authorization", "Bearer ann " + group);
  }

  @Test
  void aUserWithTheRoleIsAdmitted() {
    signIn(Roles.PUBLISHER);
    Front.Verdict verdict = admit("POST", "/api/v1/talks/7/slides");
    assertNull(verdict.refusal());
    assertEquals("ann", verdict.caller().getUserPrincipal().getName());
    assertTrue(verdict.caller().isSecure());
    assertEquals("ann", verdict.owner());
    assertFalse(verdict.anonymous());
    assertEquals(MB, verdict.limit());
    assertEquals("192.0.2.7", sender.address());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/talks",
        "/api/v1/talks/",
        "/api/v1/talks//",
        "/api/v1/talks;a=b",
        "/api/v1/talks;a=b;c/",
        "/api/v1//talks",
        "/api/v1/./talks",
        "/api/v1/x/../talks",
        "/api/v1/t%61lks",
        "/api/v1/%74%61lks",
        "/api/broadcast",
        "/api/v1/upload",
        "/api/v1/talks/a%20b/slides",
        "/api/v1/talks/%C3%A9/slides",
        "/api/v1/talks/a%2Fb/slides",
        "/api/v1/talks/a%3Bb/slides",
        "/api/v1/talks/a:b/slides"
      })
  void otherSpellingsOfAPathAreAdmitted(String uri) {
    signIn(Roles.PUBLISHER);
    assertNull(admit("POST", uri).refusal());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/talks/a%2Fslides",
        "/api/v1/talks/7%2fslides",
        "/api/v1/talks%2F",
        "/api/v1/talks%3Ba",
        "/api/v1/talks%252Fvote",
        "/api/v1/TALKS",
        "/api/v1/other",
        "/api/v1/"
      })
  void otherPathsHaveNoResource(String uri) {
    assertEquals(Code.NOT_FOUND, refusal("POST", uri).problem().code());
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /, 'GET, HEAD, OPTIONS'",
    "POST, /index.html, 'GET, HEAD, OPTIONS'",
    "POST, /api/v1, 'GET, HEAD, OPTIONS'",
    "POST, /api/v1x/talks, 'GET, HEAD, OPTIONS'",
    "POST, //api/v1/talks, 'GET, HEAD, OPTIONS'",
    "POST, //host/api/v1/talks, 'GET, HEAD, OPTIONS'",
    "POST, ///api/v1/talks, 'GET, HEAD, OPTIONS'",
    "POST, /api/v1;x/talks, 'GET, HEAD, OPTIONS'",
    "POST, /api/v1/../talks, 'GET, HEAD, OPTIONS'",
    "POST, /%61pi/v1/talks, 'GET, HEAD, OPTIONS'",
    "POST, /api/stream, 'GET, HEAD, OPTIONS'",
    "PUT, /api/broadcast, 'OPTIONS, POST'",
    "PUT, /api/v1/talks, 'GET, HEAD, OPTIONS, POST'",
    "PUT, /api/v1/talks/vote, 'OPTIONS, POST'"
  })
  void anUnsupportedMethodIsRefusedWithTheAllowedOnes(String method, String uri, String allowed) {
    Refusal refusal = refusal(method, uri);
    assertEquals(405, refusal.status());
    assertEquals(allowed, refusal.headers().get("Allow"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/%zz", "/api/v1/%", "/api/v1/a b", "/%zz", "/api/v1/\\"})
  void aPathThatCannotBeDecodedIsRefused(String uri) {
    assertEquals(400, refusal("POST", uri).status());
  }

  @Test
  void theContextPathIsNotPartOfThePath() {
    signIn(Roles.PUBLISHER);
    Entrance below = entrance("/studio");
    assertNull(below.admit(head("POST", "/studio/api/v1/talks")).refusal());
    assertNull(below.admit(head("POST", "/studio/api/broadcast")).refusal());
    assertEquals(405, below.admit(head("POST", "/studio")).refusal().status());
    assertEquals(405, below.admit(head("POST", "/")).refusal().status());
  }

  @Test
  void theCredentialsAreCheckedBeforeTheLength() {
    headers.put("Content-Length", Integer.toString(MB + 1));
    assertEquals(Code.TOKEN_REQUIRED, refusal("POST", "/api/v1/talks").problem().code());
    assertEquals(List.of(), failures, "no credential is no failure");
    signIn("guest");
    assertEquals(Code.TOO_LARGE, refusal("POST", "/api/v1/talks").problem().code());
    headers.put("Content-Length", Integer.toString(MB));
    assertNull(admit("POST", "/api/v1/talks").refusal());
  }

  @Test
  void theRoleIsRequired() {
    signIn("guest");
    assertEquals(Code.FORBIDDEN, refusal("POST", "/api/v1/talks/7/slides").problem().code());
    assertEquals(List.of("ann call POST /talks/{id}/slides refused"), records);
  }

  @Test
  void anInvalidCredentialCountsForTheAddress() {
    headers.put("Authorization", "nonsense");
    assertEquals(Code.INVALID_TOKEN, refusal("POST", "/api/v1/talks").problem().code());
    assertEquals(List.of("192.0.2.7"), failures);
    tooMany = Problem.tryLater(Code.TOO_MANY_REQUESTS, "Too many.", Duration.ofSeconds(5));
    assertEquals(429, refusal("POST", "/api/v1/talks").status());
  }

  @Test
  void aBodyWithoutATokenCountsForItsAddress() {
    Front.Verdict verdict = admit("POST", "/api/v1/talks/vote");
    assertNull(verdict.refusal());
    assertTrue(verdict.anonymous());
    assertEquals("192.0.2.7", verdict.owner());
    assertNull(verdict.caller().getUserPrincipal());
  }

  @Test
  void aPublicMethodIgnoresTheCredentials() {
    headers.put("Authorization", "nonsense");
    Front.Verdict verdict = admit("POST", "/api/v1/talks/open");
    assertNull(verdict.refusal());
    assertTrue(verdict.anonymous());
    assertEquals(List.of(), failures);
  }

  @Test
  void theAddressBehindATrustedProxyCounts() {
    headers.put("X-Forwarded-For", "198.51.100.3");
    assertEquals("192.0.2.7", admit("POST", "/api/v1/talks/vote").owner());
    peer = "10.0.0.1";
    assertEquals("198.51.100.3", admit("POST", "/api/v1/talks/vote").owner());
  }

  @Test
  void aMultipartBodyMayBeAsLongAsAPhoto() {
    signIn("guest");
    headers.put("Content-Type", "multipart/form-data; boundary=x");
    long limit = admit("POST", "/api/v1/upload").limit();
    assertTrue(limit > 2 * MB && limit < 3 * MB, () -> limit + " bytes");
    headers.put("Content-Type", "multipart/form-data");
    assertEquals(Code.BAD_REQUEST, refusal("POST", "/api/v1/photos").problem().code());
  }

  @Test
  void bodiesOfSomeMethodsAreIgnored() {
    assertTrue(Entrance.isBodiless("GET"));
    assertTrue(Entrance.isBodiless("DELETE"));
    assertFalse(Entrance.isBodiless("POST"));
    assertFalse(Entrance.isBodiless("PATCH"));
    assertFalse(Entrance.isBodiless("get"), "the names of methods are case-sensitive");
  }
}
