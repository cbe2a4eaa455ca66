package devfest.studio.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import devfest.studio.audit.Audit;
import devfest.studio.audit.TestAudit;
import devfest.studio.jobs.Transactions;
import devfest.studio.log.Database;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.core.SecurityContext;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way in, with tickets and sessions in a real database. */
class CallersTest {

  private static final String ISSUER = "https://issuer.example";
  private static final Instant NOW = Instant.parse("2026-11-25T20:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  private static final RevokedUsers REVOKED = new RevokedUsers();

  private static Forge forge;
  private static Tokens tokens;

  private final List<String> refusals = new ArrayList<>();
  private final Audit audit =
      new TestAudit(
          (user, action, target, outcome) ->
              refusals.add(user + " " + action + " " + target + " " + outcome));

  @TempDir Path dir;
  private Database database;
  private Transactions transactions;
  private Tickets tickets;
  private Revocations revocations;
  private Sessions sessions;
  private Callers callers;

  @BeforeAll
  static void makeKey() throws Exception {
    RSAKey key = new RSAKeyGenerator(2048).keyID("one").generate();
    forge = new Forge(key, ISSUER, NOW);
    Map<String, String> settings =
        Map.of(TokenConfig.KEY, key.toPublicJWK().toJSONString(), TokenConfig.ISSUER, ISSUER);
    tokens =
        new Tokens(
            TokenConfig.of(
                name -> Optional.ofNullable(settings.get(name)),
                settings.keySet(),
                Optional.empty(),
                RemoteKeys.Pace.USUAL),
            REVOKED,
            CLOCK);
  }

  @BeforeEach
  void open() {
    database = Database.h2(dir);
    transactions = new Transactions(database);
    revocations =
        new Revocations(
            transactions.em(),
            CLOCK,
            tokens,
            Transactions.observed((UserRevoked user) -> assertTrue(REVOKED.add(user))));
    People.Store people = new People.Store(transactions.em(), revocations, user -> user);
    Admission admission =
        new Admission(new People(transactions.em(), people, user -> user), revocations, null);
    tickets = new Tickets(transactions.em(), CLOCK, admission);
    sessions = new Sessions(transactions.em(), CLOCK, revocations, admission);
    callers = callers(false);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Callers callers(boolean anonymous) {
    return new Callers(new AccessSettings(false, anonymous), tokens, tickets, sessions, audit);
  }

  private static String token(String user) {
    return forge.token("\"upn\":\"" + user + "\"");
  }

  private String ticket(String user) {
    return transactions.in(() -> tickets.issue(tokens.verify(token(user)).caller()).ticket());
  }

  /** A request with the credentials of these names: header, ticket, token, cookie. */
  private static HttpServletRequest request(String... credentials) {
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < credentials.length; i += 2) {
      map.put(credentials[i], credentials[i + 1]);
    }
    return (HttpServletRequest)
        Proxy.newProxyInstance(
            CallersTest.class.getClassLoader(),
            new Class<?>[] {HttpServletRequest.class},
            (self, method, arguments) ->
                switch (method.getName()) {
                  case "getHeaders" ->
                      Collections.enumeration(
                          map.containsKey("header")
                              ? List.of("Bearer " + map.get("header"))
                              : List.of());
                  case "getParameterValues" ->
                      map.containsKey(arguments[0]) ? new String[] {map.get(arguments[0])} : null;
                  case "getCookies" ->
                      map.containsKey("cookie")
                          ? new Cookie[] {new Cookie(SessionResource.COOKIE, map.get("cookie"))}
                          : null;
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  /** The context of a request whose token was verified already; null for none. */
  private static SecurityContext context(String token) {
    Token principal = token == null ? null : tokens.verify(token);
    return (SecurityContext)
        Proxy.newProxyInstance(
            CallersTest.class.getClassLoader(),
            new Class<?>[] {SecurityContext.class},
            (self, method, arguments) -> principal);
  }

  private Caller stream(Callers by, String... credentials) {
    return transactions.in(
        () -> by.streamReader(context(null), Credentials.of(request(credentials))));
  }

  private Caller socket(boolean withCookie, String... credentials) {
    return transactions.in(() -> callers.socketReader(request(credentials), withCookie));
  }

  private void assertRejected(Callers by, String... credentials) {
    assertThrows(NotAuthorizedException.class, () -> stream(by, credentials));
  }

  @Test
  void everyCredentialOpensAStream() {
    assertEquals("ann", stream(callers, "ticket", ticket("ann")).userId());
    assertEquals("ann", stream(callers, "token", token("ann")).userId());
    assertEquals("ann", stream(callers, "cookie", token("ann")).userId());
    Caller byHeader =
        callers.streamReader(
            context(token("ann")), Credentials.of(request("header", token("ann"))));
    assertEquals("ann", byHeader.userId());
  }

  @Test
  void theFirstOfSeveralCredentialsCounts() {
    String[] all = {
      "header",
      token("ann"),
      "ticket",
      ticket("bob"),
      "token",
      token("carl"),
      "cookie",
      token("eve")
    };
    assertEquals("ann", socket(true, all).userId());
    assertEquals("bob", socket(true, java.util.Arrays.copyOfRange(all, 2, 8)).userId());
    assertEquals("carl", socket(true, java.util.Arrays.copyOfRange(all, 4, 8)).userId());
    assertEquals("eve", socket(true, java.util.Arrays.copyOfRange(all, 6, 8)).userId());
    assertRejected(callers, "ticket", "nonsense", "token", token("ann"));
    assertRejected(callers, "token", "nonsense", "cookie", token("ann"));
  }

  @Test
  void aTicketIsRedeemedOnceAndAProbeKeepsIt() {
    String ticket = ticket("ann");
    Credentials credentials = Credentials.of(request("ticket", ticket));
    for (int i = 0; i < 2; i++) {
      Caller probe = transactions.in(() -> callers.streamProbe(context(null), credentials));
      assertEquals("ann", probe.userId());
    }
    assertEquals("ann", stream(callers, "ticket", ticket).userId());
    assertRejected(callers, "ticket", ticket);
  }

  @Test
  void withoutCredentialsAStreamNeedsAnonymousAccess() {
    assertRejected(callers);
    assertTrue(stream(callers(true)).anonymous());
    assertThrows(NotAuthorizedException.class, () -> callers.reader(context(null)));
    assertTrue(callers(true).reader(context(null)).anonymous());
  }

  @Test
  void anInvalidCredentialIsRejectedEvenWithAnonymousAccess() {
    for (String kind : List.of("ticket", "token", "cookie")) {
      assertRejected(callers(true), kind, "nonsense");
    }
    assertThrows(NotAuthorizedException.class, () -> callers.header(List.of("Bearer nonsense")));
    assertThrows(NotAuthorizedException.class, () -> callers.header(List.of("Basic YTpi")));
    assertThrows(
        NotAuthorizedException.class,
        () -> callers.header(List.of("Bearer " + token("ann"), "Bearer " + token("bob"))));
  }

  @Test
  void aSocketIgnoresTheCookieOfOtherSites() {
    assertEquals("ann", socket(true, "cookie", token("ann")).userId());
    assertThrows(NotAuthorizedException.class, () -> socket(false, "cookie", token("ann")));
    assertEquals("ann", socket(false, "header", token("ann")).userId());
  }

  @Test
  void onlyACookieMakesItsCallerPartOfASession() {
    String small = token("ann");
    assertNull(stream(callers, "token", small).session());
    assertNotNull(stream(callers, "cookie", small).session());

    String large = forge.token("\"upn\":\"ann\",\"padding\":\"" + "x".repeat(4_000) + "\"");
    String reference = transactions.in(() -> sessions.begin(tokens.verify(large)));
    assertTrue(reference.length() < 100, "a reference to the stored token");
    assertEquals("ann", stream(callers, "cookie", reference).userId());
    end(reference);
    assertRejected(callers, "cookie", reference);
  }

  private void end(String cookie) {
    transactions.run(() -> sessions.end(cookie, callers.cookie(cookie)));
  }

  @Test
  void theCookieOfAnEndedSessionIsRejectedHoweverItsSignatureIsSpelt() {
    String cookie = token("ann");
    String copy = cookie.substring(0, cookie.length() - 1) + nextInSameBits(cookie);
    assertEquals("ann", stream(callers, "cookie", copy).userId(), "the same signature");
    end(cookie);
    assertRejected(callers, "cookie", cookie);
    assertRejected(callers, "cookie", copy);
    assertEquals("ann", stream(callers, "token", cookie).userId(), "the token itself is valid");
  }

  /** A last character that differs only in bits that base64 ignores at the end of 256 bytes. */
  private static char nextInSameBits(String token) {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    return alphabet.charAt(alphabet.indexOf(token.charAt(token.length() - 1)) + 1);
  }

  @Test
  void aTokenCanBeginAnotherSessionAfterTheFirstHasEnded() {
    String first = transactions.in(() -> sessions.begin(tokens.verify(token("ann"))));
    end(first);
    String second = transactions.in(() -> sessions.begin(tokens.verify(token("ann"))));
    assertEquals("ann", stream(callers, "cookie", second).userId());
    assertRejected(callers, "cookie", first);
  }

  @Test
  void aTicketOfAnEndedSessionIsRejected() {
    String cookie = token("ann");
    Caller inSession = stream(callers, "cookie", cookie);
    String before = transactions.in(() -> tickets.issue(inSession).ticket());
    String after = transactions.in(() -> tickets.issue(inSession).ticket());
    assertEquals("ann", stream(callers, "ticket", before).userId());
    end(cookie);
    assertRejected(callers, "ticket", after);
  }

  @Test
  void aRequestWithoutAHeaderHasNoToken() {
    assertEquals(Optional.empty(), callers.header(null));
    assertEquals(Optional.empty(), callers.header(List.of()));
    assertEquals(
        "ann", callers.header(List.of("bearer " + token("ann"))).orElseThrow().caller().userId());
  }

  @Test
  void anonymousCallersAreAskedForATokenAndUsersAreForbidden() {
    assertSame(NotAuthorizedException.class, Callers.refusal(Caller.ANONYMOUS, "no").getClass());
    Caller ann = callers.caller(context(token("ann")));
    assertSame(ForbiddenException.class, Callers.refusal(ann, "no").getClass());
  }

  private static String issued(String user, String iat) {
    return forge.token("\"upn\":\"" + user + "\",\"iat\":" + iat);
  }

  @Test
  void aRevokedUserIsRefusedByEveryWay() {
    String user = "mia";
    String old = issued(user, Long.toString(NOW.getEpochSecond() - 60));
    String ticket = transactions.in(() -> tickets.issue(tokens.verify(old).caller()).ticket());
    String cookie = transactions.in(() -> sessions.begin(tokens.verify(old)));
    transactions.run(() -> revocations.revokeUser(user));
    assertRejected(callers, "ticket", ticket);
    assertRejected(callers, "token", old);
    assertRejected(callers, "cookie", cookie);
    assertThrows(NotAuthorizedException.class, () -> callers.header(List.of("Bearer " + old)));
    assertThrows(NotAuthorizedException.class, () -> socket(true, "token", old));
    assertEquals("eve", stream(callers, "token", token("eve")).userId());
  }

  @Test
  void noTicketIsIssuedToAUserWhoWasRevokedMeanwhile() {
    Caller caller = tokens.verify(issued("noa", Long.toString(NOW.getEpochSecond() - 60))).caller();
    transactions.run(() -> revocations.revokeUser("noa"));
    assertThrows(NotAuthorizedException.class, () -> transactions.in(() -> tickets.issue(caller)));
  }

  @Test
  void onlyATimeOfIssueThatIsCertainlyLaterIsAccepted() {
    transactions.run(() -> revocations.revokeUser("lea"));
    long second = NOW.getEpochSecond();
    for (String iat : List.of("1", Long.toString(second), second + ".0", second + ".000")) {
      assertRejected(callers, "token", issued("lea", iat));
    }
    assertRejected(callers, "token", token("lea")); // without iat
    for (String iat : List.of(second + ".001", second + ".5", Long.toString(second + 1))) {
      assertEquals("lea", stream(callers, "token", issued("lea", iat)).userId(), iat);
    }
    String later = issued("lea", second + ".5");
    String ticket = transactions.in(() -> tickets.issue(tokens.verify(later).caller()).ticket());
    assertEquals("lea", stream(callers, "ticket", ticket).userId());
  }

  @Test
  void aRefusedCredentialIsRecordedWithoutItsText() {
    for (String kind : List.of("ticket", "token", "cookie")) {
      assertRejected(callers, kind, "nonsense");
    }
    assertThrows(NotAuthorizedException.class, () -> callers.header(List.of("Bearer nonsense")));
    assertThrows(NotAuthorizedException.class, () -> callers.session("nonsense.a.b"));
    assertRejected(callers);
    assertEquals(
        List.of(
            "null sign-in ticket refused",
            "null sign-in token refused",
            "null sign-in cookie refused",
            "null sign-in header refused"),
        refusals);
  }
}
