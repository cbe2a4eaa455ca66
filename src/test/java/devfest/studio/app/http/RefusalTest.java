package devfest.studio.app.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import devfest.studio.http.Code;
import devfest.studio.http.Links;
import devfest.studio.http.Outage;
import devfest.studio.http.Problem;
import devfest.studio.http.TestLinks;
import jakarta.json.JsonObject;
import jakarta.json.spi.JsonProvider;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.NotAuthorizedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RefusalTest {

  private static final String METADATA =
      "resource_metadata=\"http://localhost:8080/.well-known/oauth-protected-resource\"";

  private final Links links = new TestLinks("");

  private static Map<String, String> headers(Refusal refusal) {
    Map<String, String> headers = new TreeMap<>();
    refusal.describe(headers::put);
    return headers;
  }

  private static String code(Refusal refusal) {
    return refusal.problem().code().word();
  }

  @Test
  void theDocumentDescribesTheProblem() {
    byte[] bytes =
        Refusal.of(new Problem(Code.TOO_LARGE, "Zoë's photo")).document("/api/v1/photos");
    JsonObject document =
        JsonProvider.provider().createReader(new ByteArrayInputStream(bytes)).readObject();
    assertEquals(413, document.getInt("status"));
    assertEquals("Content Too Large", document.getString("title"));
    assertEquals("Zoë's photo", document.getString("detail"));
    assertEquals("/api/v1/photos", document.getString("instance"));
    assertEquals(false, document.getBoolean("success"));
    assertEquals("too_large", document.getJsonObject("error").getString("code"));
  }

  @Test
  void aRefusalForAWhileHasRetryAfterInSeconds() {
    Problem problem = Problem.tryLater(Code.BUSY, "Later.", Duration.ofSeconds(90));
    assertEquals(
        Map.of("Content-Type", "application/problem+json", "Retry-After", "90"),
        headers(Refusal.of(problem)));
    assertEquals(503, Refusal.of(problem).status());
  }

  @Test
  void anUnsupportedMethodIsRefusedWithTheAllowedOnes() {
    Refusal refusal = Refusal.method(new TreeSet<>(Set.of("POST", "GET")));
    assertEquals(405, refusal.status());
    assertEquals("GET, POST", headers(refusal).get("Allow"));
    assertEquals("This path supports only the methods GET, POST.", refusal.problem().getMessage());
  }

  @Test
  void aHeaderCanBeAdded() {
    Refusal refusal = Refusal.method(Set.of("GET")).with("X-Studio-Node", "one");
    assertEquals(
        Map.of("Allow", "GET", "Content-Type", "application/problem+json", "X-Studio-Node", "one"),
        headers(refusal));
  }

  @Test
  void aMissingCredentialAndAnInvalidOneDiffer() {
    Refusal missing = Refusal.of(new NotAuthorizedException("Token required", "Bearer"), links);
    assertEquals(401, missing.status());
    assertEquals("token_required", code(missing));
    assertEquals("Bearer " + METADATA, headers(missing).get("WWW-Authenticate"));
    Refusal invalid = Refusal.of(new NotAuthorizedException("Invalid token", "Bearer"), links);
    assertEquals(401, invalid.status());
    assertEquals("invalid_token", code(invalid));
    assertEquals(
        "Bearer error=\"invalid_token\", " + METADATA, headers(invalid).get("WWW-Authenticate"));
  }

  @Test
  void aMissingRoleIsForbidden() {
    Refusal refusal = Refusal.of(new ForbiddenException("internal"), links);
    assertEquals(403, refusal.status());
    assertEquals(
        "The token does not have the role that this call requires.",
        refusal.problem().getMessage());
  }

  @Test
  void aProblemIsKept() {
    Problem problem = Problem.badRequest("Wrong.");
    assertSame(problem, Refusal.of((RuntimeException) problem, links).problem());
  }

  @Test
  void anOutageIsRefusedForAWhile() {
    Refusal database =
        Refusal.of(
            new IllegalStateException(new SQLTransientConnectionException("", "08001")), links);
    assertEquals("unavailable", code(database));
    assertEquals("2", headers(database).get("Retry-After"));
    Refusal disk =
        Refusal.of(new UncheckedIOException(new IOException("No space left on device")), links);
    assertEquals("insufficient_storage", code(disk));
    assertEquals("2", headers(disk).get("Retry-After"));
  }

  @Test
  void anErrorOfTheStudioIsThrown() {
    RuntimeException error = new IllegalStateException("an error");
    await().until(() -> Outage.behind(error).isEmpty()); // another test may have ended an outage
    assertSame(error, assertThrows(RuntimeException.class, () -> Refusal.of(error, links)));
  }
}
