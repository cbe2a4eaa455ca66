package devfest.studio;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import okhttp3.mockwebserver.RecordedRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.logging.LogType;

/** Users who sign in at an OpenID Connect provider, below a context path, in a real Chromium. */
class SignInBrowserIT {

  private static final String TENANT = "main";
  private static final String CLIENT = "studio-page";
  private static final String AUDIENCE = "studio";
  private static final String DIALOG = "#sign-in[open]";

  /** A token's life in seconds: long enough to open a page, short enough to wait for its end. */
  private static final long SHORT = 16;

  @TempDir static Path dir;
  private static MockOAuth2Server provider;
  private static int port;
  private static Server server;

  private Browser browser;

  @BeforeAll
  static void startServers() throws IOException {
    port = Server.freePort();
    startProvider();
    server = Server.startBelow("/studio/", dir, settings());
  }

  private static String[] settings(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "studio.stream.heartbeat=PT1S",
                "mp.jwt.verify.issuer=" + issuer(),
                "mp.jwt.verify.publickey.location=" + provider.jwksUrl(TENANT),
                "mp.jwt.verify.audiences=" + AUDIENCE,
                "studio.oidc.issuer=" + issuer(),
                "studio.oidc.client-id=" + CLIENT));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static void startProvider() throws IOException {
    provider = new MockOAuth2Server(OAuth2Config.Companion.fromJson("{\"interactiveLogin\":true}"));
    provider.start(InetAddress.getLoopbackAddress(), port);
  }

  private static String issuer() {
    return provider.issuerUrl(TENANT).toString();
  }

  private static String name() {
    return URI.create(issuer()).getAuthority();
  }

  @AfterAll
  static void stopServers() {
    server.close();
    provider.shutdown();
  }

  @BeforeEach
  void startBrowser() throws IOException {
    requests();
    browser = new Browser(dir, "en");
  }

  @AfterEach
  void stopBrowser() {
    browser.close();
  }

  /** The tokens of the next sign-in. */
  private static void tokens(String audience, Map<String, Object> claims, long seconds) {
    provider.enqueueCallback(
        new DefaultOAuth2TokenCallback(TENANT, "", "JWT", List.of(audience), claims, seconds));
  }

  /** Returns the requests that the provider got since the last call. */
  private static List<String> requests() {
    List<String> found = new ArrayList<>();
    try {
      for (RecordedRequest next = provider.takeRequest(0, TimeUnit.SECONDS);
          next != null;
          next = provider.takeRequest(0, TimeUnit.SECONDS)) {
        found.add(next.getRequestLine() + " " + next.getBody().clone().readUtf8());
      }
    } catch (RuntimeException e) {
      return found; // there are no more
    }
    return found;
  }

  private void open(String page) {
    browser.open(server.base().resolve(page));
  }

  private void go() {
    browser.visible(DIALOG);
    assertEquals("Sign in with " + name(), browser.visible("#sign-in-at-provider").getText());
    browser.click("#sign-in-at-provider");
    browser.visible("input[name=username]");
  }

  private void logIn(String user, String name) {
    browser.visible("input[name=username]").sendKeys(user);
    browser.driver().manage().logs().get(LogType.BROWSER); // drops what belongs to other pages
    browser.visible("textarea[name=claims]").sendKeys("{\"name\":\"" + name + "\"}");
    browser.click("input[type=submit]");
  }

  private void signIn(String page, String user) {
    open(page);
    go();
    logIn(user, "Ada Lovelace");
    browser.until("document.getElementById('connection')?.dataset.state === 'live'");
  }

  private void assertThatNothingIsStored() {
    String stored =
        String.valueOf(browser.evaluate("JSON.stringify([localStorage, sessionStorage])"));
    assertFalse(stored.contains("eyJ"), stored); // how each JWT begins
    assertFalse(stored.contains("refresh"), stored);
    assertFalse(stored.contains("studio.sign-in"), stored);
    assertEquals("", browser.evaluate("document.cookie"));
    assertEquals("", browser.evaluate("location.hash"));
  }

  private String message() {
    browser.visible(DIALOG);
    return browser.visible("#sign-in-message").getText();
  }

  @Test
  void aUserSignsInAtTheProviderAndSignsOutOfBoth() {
    tokens(AUDIENCE, Map.of(), 3_600);
    signIn("dashboard", "ada");
    assertEquals("Ada Lovelace", browser.element("#sign-out").getAttribute("title"));
    browser.visible("#upload");
    assertThatNothingIsStored();
    browser.assertNothingWentWrong();
    String sent = String.join("\n", requests());
    assertTrue(sent.contains("code_challenge_method=S256"), sent);
    assertTrue(sent.contains("code_verifier="), sent);

    browser.click("#sign-out");
    browser.visible(DIALOG);
    assertEquals(server.base().resolve("dashboard").toString(), browser.driver().getCurrentUrl());
    List<String> ends = requests().stream().filter(line -> line.contains("/endsession")).toList();
    assertEquals(1, ends.size(), ends::toString);
    assertTrue(ends.get(0).contains("id_token_hint=eyJ"), ends::toString);
    assertEquals("", browser.element("#sign-in-message").getText());
    open("dashboard");
    browser.visible(DIALOG);
  }

  @Test
  void theSessionIsRenewedWhileThePageIsOpenAndItsStreamGoesOn() {
    tokens(AUDIENCE, Map.of(), SHORT);
    signIn("dashboard", "renata");
    browser.evaluate("globalThis.loadedOnce = true");
    for (int i = 0; i < 2; i++) {
      await()
          .atMost(Duration.ofSeconds(2 * SHORT))
          .until(() -> String.join("\n", requests()).contains("grant_type=refresh_token"));
    }
    Client bob =
        Client.anonymous(server.base())
            .withToken(provider.issueToken(TENANT, "bob", AUDIENCE).serialize());
    bob.photo(TestImages.jpeg(300, 200), "public");
    browser.until("document.querySelectorAll('#ticker li').length > 0");
    browser.until("document.getElementById('connection').dataset.state === 'live'");
    assertEquals(true, browser.evaluate("globalThis.loadedOnce"));
    assertThatNothingIsStored();
    browser.assertNothingWentWrong();
  }

  @Test
  void afterAReloadTheProviderRenewsTheSessionAndReturnsToTheSamePage() {
    tokens(AUDIENCE, Map.of(), SHORT);
    signIn("dashboard/timer.html?room=1", "tim");
    String page = browser.driver().getCurrentUrl();
    browser.driver().navigate().refresh();
    browser.until("location.search.includes('prompt=none')");
    tokens(AUDIENCE, Map.of(), 3_600);
    logIn("tim", "Tim"); // this provider asks all the same
    browser.until("document.getElementById('sign-out')?.title === 'Tim'");
    assertEquals(page, browser.driver().getCurrentUrl());
    assertThatNothingIsStored();
  }

  @Test
  void aProviderThatForgotTheUserEndsTheSessionInWords() {
    tokens(AUDIENCE, Map.of(), SHORT);
    signIn("dashboard", "eve");
    Instant signedIn = Instant.now();
    browser.driver().navigate().refresh();
    browser.until("location.search.includes('prompt=none')");
    await()
        .atMost(Duration.ofSeconds(2 * SHORT))
        .until(() -> Instant.now().isAfter(signedIn.plusSeconds(SHORT + 3)));
    answer("error=login_required");
    assertEquals("Your session has ended. Sign in again.", message());
  }

  /** Answers the present request for authorisation as the provider would. */
  private void answer(String response) {
    answer(server, response);
  }

  private void answer(Server studio, String response) {
    Object state = browser.evaluate("new URLSearchParams(location.search).get('state')");
    String page = "dashboard/signed-in.html?state=" + state + "&" + response;
    browser.open(studio.base().resolve(page));
  }

  @Test
  void failuresAreExplained() throws IOException {
    open("dashboard");
    go();
    answer("error=access_denied");
    assertEquals("Sign-in was cancelled.", message());
    browser.assertFitsAndIsAccessible("sign-in");
    browser.click("#sign-in-at-provider");
    browser.visible("input[name=username]");
    answer("error=invalid_scope");
    assertEquals("Sign-in with " + name() + " failed. Please try again.", message());
    open("dashboard/signed-in.html?state=forged&code=forged");
    browser.until("location.pathname.endsWith('/dashboard')"); // nobody asked for the response
    open("join");
    open("dashboard#state=forged&code=forged");
    assertEquals("This sign-in is out of date. Please start again.", message());
  }

  @Test
  void theResponseOfTheProviderLeadsToNoOtherSite() {
    String other = server.base().toString().replace("localhost", "127.0.0.1");
    for (String page :
        List.of(other.substring("http:".length()) + "dashboard", "/", "//x/..%2f/")) {
      open("join");
      browser
          .driver()
          .executeScript(
              "sessionStorage.setItem('studio.sign-in', JSON.stringify({ state: 's', page: arguments[0] }))",
              page);
      open("dashboard/signed-in.html?state=s&error=login_required");
      browser.until("!location.pathname.endsWith('/signed-in.html')");
      assertEquals(server.base().resolve("dashboard").toString(), browser.driver().getCurrentUrl());
    }
  }

  @Test
  void aTokenThatTheStudioRefusesIsExplained() {
    tokens("another-api", Map.of(), 3_600);
    open("dashboard");
    go();
    logIn("mallory", "Mallory");
    assertEquals(
        "The studio does not accept tokens of "
            + name()
            + ". The organisers need to correct the settings.",
        message());
    assertThatNothingIsStored();
  }

  @Test
  void clocksThatDifferAreExplained() {
    long later = Instant.now().plusSeconds(3_600).getEpochSecond();
    tokens(AUDIENCE, Map.of("nbf", later), 7_200);
    open("dashboard");
    go();
    logIn("clara", "Clara");
    assertEquals(
        "The clocks of " + name() + " and of the studio differ. The organisers need to set them.",
        message());
  }

  @Test
  void aProviderThatIsAwayIsExplainedInTheUsersLanguage() throws IOException {
    String name = name();
    provider.shutdown();
    try (Browser french = new Browser(dir, "fr")) {
      french.size(390, 844);
      french.open(server.base().resolve("dashboard"));
      assertEquals("Se connecter avec " + name, french.visible("#sign-in-at-provider").getText());
      french.click("#sign-in-at-provider");
      french.until("document.getElementById('sign-in-message').textContent !== ''");
      assertEquals(
          name + " est injoignable pour le moment. Veuillez réessayer plus tard.",
          french.element("#sign-in-message").getText());
      french.screenshot("sign-in-french-390");
      french.size(1280, 900);
      french.click("#sign-in-by-token summary");
      french.screenshot("sign-in-french-1280");
    } finally {
      startProvider();
    }
  }

  @Test
  void aVisitorWhoMayReadSignsInOnDemand() throws IOException {
    Path other = Files.createDirectory(dir.resolve("anonymous"));
    try (Server atRoot = Server.start(other, settings("studio.anonymous-access=public"))) {
      browser.open(atRoot.base().resolve("dashboard"));
      browser.until("document.getElementById('connection').dataset.state === 'live'");
      assertFalse(browser.element("#sign-in").isDisplayed());
      browser.click("#open-sign-in");
      browser.click("#sign-in-close");
      assertFalse(browser.element("#sign-in").isDisplayed());
      browser.click("#open-sign-in");
      go();
      answer(atRoot, "error=access_denied");
      assertEquals("Sign-in was cancelled.", message());
      browser.until("document.getElementById('connection').dataset.state === 'live'");
      tokens(AUDIENCE, Map.of(), 3_600);
      go();
      logIn("vera", "Vera");
      browser.until("document.getElementById('sign-out')?.title === 'Vera'");
      assertFalse(browser.element("#open-sign-in").isDisplayed());
      browser.click("#sign-out");
      browser.visible("#open-sign-in");
    }
  }

  @Test
  void clientsLearnTheProviderFromTheMetadata() {
    Client nobody = Client.anonymous(server.base());
    Client.Reply refused = nobody.get("/api/v1/photos");
    assertEquals(401, refused.status());
    String url = server.base() + ".well-known/oauth-protected-resource";
    assertEquals("Bearer resource_metadata=\"" + url + "\"", refused.header("WWW-Authenticate"));
    Client.Reply metadata = nobody.get("/.well-known/oauth-protected-resource");
    assertEquals(issuer(), metadata.json().getJsonArray("authorization_servers").getString(0));
    assertEquals(1, metadata.json().getJsonArray("authorization_servers").size());
    assertEquals(
        List.of("\"openid\"", "\"profile\""),
        metadata.json().getJsonArray("scopes_supported").stream().map(Object::toString).toList());
    String policy = metadata.header("Content-Security-Policy");
    assertTrue(policy.endsWith("; connect-src 'self' http://" + name()), policy);
  }
}
