package devfest.studio;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.WindowType;

/** The client module in a real Chromium: it misses nothing and doubles nothing. */
class ClientBrowserIT {

  /** A page of the studio's origin without scripts of its own. */
  private static final String PAGE = "dashboard/icon.svg";

  private static final String CONNECT =
      """
      const done = arguments[arguments.length - 1];
      const [token, options] = arguments;
      globalThis.ids = [];
      globalThis.states = [];
      import("/client/devfest-studio.js").then(({ connect, tickets }) => {
        const access = options.ticket ? { ticket: tickets(token) } : options.cookie ? {} : { token };
        globalThis.studio = connect({
          query: { types: "demo" }, firstWait: 300, longestWait: 1500, ...options, ...access });
        studio.on("demo", (event) => ids.push(event.id));
        studio.onState((state) => states.push(state));
        done(null);
      }, (failure) => done(String(failure)));
      """;

  @TempDir static Path dir;
  private static Server server;

  private Client ann;
  private Client publisher;
  private Browser browser;

  @BeforeAll
  static void startServer() throws IOException {
    server = Server.start(dir, "studio.dev-mode=true", "studio.stream.heartbeat=PT1S");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void startBrowser() throws IOException {
    clients(server);
    browser = new Browser(dir, "en");
  }

  private void clients(Server of) {
    ann = Client.of(of.base(), "ann");
    publisher = Client.of(of.base(), "pub", "publisher");
  }

  @AfterEach
  void stopBrowser() {
    browser.close();
  }

  /** Opens a page and a connection in it. */
  private void connect(URI base, Map<String, Object> options) {
    browser.open(base.resolve(PAGE));
    connect(ann.token(), options);
  }

  private void connect(String token, Map<String, Object> options) {
    assertNull(browser.driver().executeAsyncScript(CONNECT, token, options));
  }

  /** Runs a script in the page, with the client's {@code connect} and {@code tickets}. */
  private void play(String script) {
    String play =
        """
        const done = arguments[arguments.length - 1];
        import("/client/devfest-studio.js").then(({ connect, tickets }) => {
          globalThis.ids = [];
          globalThis.states = [];
          %s
          done(null);
        }).catch((failure) => done(String(failure)));
        """;
    assertNull(browser.driver().executeAsyncScript(play.formatted(script), ann.token()));
  }

  private void live(String transport) {
    browser.until(
        "studio.state.state === 'live' && studio.state.transport === '" + transport + "'");
  }

  private String publish() {
    return publisher.publish("demo", "1", "public");
  }

  private void assertReceived(List<String> ids) {
    browser.until("ids.length >= " + ids.size());
    assertEquals(ids, browser.evaluate("ids"));
  }

  private static int connections() {
    JsonObject stats = Client.of(server.base(), "ann").get("/api/v1/events/stats").data();
    return stats.getInt("activeConnections");
  }

  private void connectionsBecome(int wanted) {
    await().until(() -> connections() == wanted);
  }

  @Test
  void theLossAndTheReturnOfTheNetworkAreNoticedAtOnce() {
    connect(server.base(), Map.of("firstWait", 300_000, "longestWait", 300_000));
    live("stream");
    browser.driver().executeScript("dispatchEvent(new Event('offline'))");
    List<String> ids = new ArrayList<>(List.of(publish()));
    assertReceived(ids);
    assertEquals(false, browser.evaluate("states.some(({ state }) => state === 'waiting')"));

    browser.offline(true);
    browser.until("studio.state.state === 'waiting' && studio.state.reason === 'offline'");
    ids.add(publish());
    browser.offline(false);
    live("stream");
    assertReceived(ids);
  }

  @Test
  void noEventIsLostWhenTheServerIsKilledAndRestarted() throws Exception {
    Path data = Files.createTempDirectory(dir, "killed");
    List<String> ids = new ArrayList<>();
    try (Server first = Server.start(data, "studio.dev-mode=true")) {
      clients(first);
      connect(first.base(), Map.of());
      live("stream");
      ids.add(publish());
      ids.add(publish());
      assertReceived(ids);
      first.kill();
      browser.until("studio.state.state === 'waiting'");
      try (Server second = Server.startAt(first.base().getPort(), data, "studio.dev-mode=true")) {
        clients(second);
        for (int i = 0; i < 20; i++) {
          ids.add(publish());
        }
        assertReceived(ids);
        assertTrue(
            (Boolean)
                browser.evaluate("states.some((s) => s.state === 'waiting' && s.seconds > 0)"));
      }
    }
  }

  @Test
  void aReloadedPageResumesWhereItLeftOff() {
    connect(server.base(), Map.of());
    live("stream");
    publish();
    browser.until("ids.length === 1");
    browser.open(server.base().resolve("dashboard/words.js"));
    List<String> missed = List.of(publish(), publish());
    connect(server.base(), Map.of());
    assertReceived(missed);
  }

  @Test
  void tabsShareOneConnectionAndAnotherTabTakesOverWhenItsOwnerCloses() {
    connectionsBecome(0);
    connect(server.base(), Map.of("pauseWhenHidden", false));
    live("stream");
    String leader = browser.driver().getWindowHandle();
    List<String> followers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      followers.add(browser.driver().switchTo().newWindow(WindowType.TAB).getWindowHandle());
      connect(server.base(), Map.of("pauseWhenHidden", false));
      live("shared");
    }
    List<String> ids = new ArrayList<>(List.of(publish(), publish()));
    for (String tab : followers) {
      browser.driver().switchTo().window(tab);
      assertReceived(ids);
    }
    assertEquals(1, connections());
    browser.driver().switchTo().window(leader);
    browser.driver().close();
    for (int i = 0; i < 5; i++) {
      ids.add(publish());
    }
    int lead = 0;
    for (String tab : followers) {
      browser.driver().switchTo().window(tab);
      assertReceived(ids);
      browser.until("studio.state.state === 'live'");
      lead += "stream".equals(browser.evaluate("studio.state.transport")) ? 1 : 0;
    }
    assertEquals(1, lead);
    connectionsBecome(1);
  }

  @Test
  void aHiddenPageDisconnectsAndCatchesUpWhenVisibleAgain() {
    connectionsBecome(0);
    connect(server.base(), Map.of("share", false));
    live("stream");
    browser
        .driver()
        .executeScript(
            "globalThis.gone = true;"
                + "Object.defineProperty(document, 'hidden', { get: () => gone });"
                + "document.dispatchEvent(new Event('visibilitychange'));");
    browser.until("studio.state.state === 'paused'");
    connectionsBecome(0);
    List<String> missed = List.of(publish(), publish(), publish());
    browser
        .driver()
        .executeScript("gone = false; document.dispatchEvent(new Event('visibilitychange'));");
    assertReceived(missed);
  }

  @Test
  void behindABufferingProxyItPollsAndReportsThat() throws Exception {
    try (Nginx nginx = new Nginx(dir, server.base())) {
      connect(nginx.base(), Map.of("silence", 3000));
      live("polling");
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        ids.add(publish());
      }
      assertReceived(ids);
    }
  }

  @Test
  void itStreamsAgainWhenTheProxyStopsBuffering() throws Exception {
    List<String> ids = new ArrayList<>();
    try (Nginx nginx = new Nginx(dir, server.base())) {
      connect(nginx.base(), Map.of("silence", 3000, "streamAgain", 4000, "share", false));
      live("polling");
      ids.add(publish());
      assertReceived(ids);
      // The same address, and nothing in between any more that holds streams back.
      nginx.passOn();
      live("stream");
      ids.add(publish());
      assertReceived(ids);
    }
  }

  @Test
  void aSilentStreamIsReopened() throws Exception {
    try (SlowLine line = new SlowLine(server.base(), 1)) {
      connect(line.base(), Map.of("share", false, "silence", 3000));
      live("stream");
      line.stall();
      List<String> missed = List.of(publish());
      browser.until("states.some((s) => s.state === 'waiting' && s.reason === 'silent')");
      live("stream");
      assertReceived(missed);
      assertEquals(false, browser.evaluate("states.some((s) => s.transport === 'polling')"));
    }
  }

  @Test
  void retryAfterIsHonouredAsSecondsAndAsADate() {
    browser.open(server.base().resolve(PAGE));
    play(
        """
        globalThis.asked = 0;
        globalThis.fetch = async () => {
          asked++;
          const date = new Date(Date.now() + 60_000).toUTCString();
          return new Response("", { status: 503, headers: { "Retry-After": date } });
        };
        globalThis.studio = connect({ token: "t", share: false, firstWait: 10 });
        """);
    browser.until("studio.state.reason === 'full' && studio.state.seconds > 30");
    assertEquals(1L, browser.evaluate("asked"));
  }

  @Test
  void noWaitExceedsTheMaximum() {
    browser.open(server.base().resolve(PAGE));
    play(
        """
        globalThis.fetch = async () => { throw new TypeError("no line"); };
        Math.random = () => 0;
        globalThis.studio = connect({ token: "t", share: false, firstWait: 900, longestWait: 1000 });
        studio.onState((state) => states.push(state));
        """);
    browser.until("states.some((s) => s.attempt === 3)");
    assertEquals(true, browser.evaluate("states.every((s) => !(s.seconds > 1))"));
  }

  @Test
  void aTicketRequestWithoutAnAnswerIsRepeated() {
    browser.open(server.base().resolve(PAGE));
    play(
        """
        globalThis.asked = 0;
        const ticket = () => (asked++, new Promise(() => {}));
        globalThis.studio = connect({ ticket, patience: 200, firstWait: 100 });
        """);
    browser.until("asked > 2");
  }

  @Test
  void tabsWithoutAKnownUserDoNotShareAConnection() {
    connectionsBecome(0);
    connect(server.base(), Map.of("ticket", true, "pauseWhenHidden", false));
    live("stream");
    browser.driver().switchTo().newWindow(WindowType.TAB);
    connect(server.base(), Map.of("ticket", true, "pauseWhenHidden", false));
    live("stream");
    assertEquals(2, connections());
  }

  @Test
  void aFollowingTabRetriesReadingMissedEventsUntilItSucceeds() {
    List<String> known = follow("if (++asked < 3) throw new TypeError('no line');");
    join(known.get(0));
    assertReceived(known.subList(1, 3));
    assertEquals(true, browser.evaluate("resets.length === 0 && asked > 2"));
  }

  @Test
  void aTabReportsThatItCannotReadMissedEvents() {
    List<String> known = follow("return new Response('', { status: 401 });");
    join(known.get(0));
    browser.until("resets.length === 1 && resets[0].reason === 'unknown'");
    assertReceived(List.of(publish()));
  }

  /**
   * Leaves one tab connected, which knows three events, and opens a second one whose questions for
   * history go another way.
   */
  private List<String> follow(String history) {
    connect(server.base(), Map.of("pauseWhenHidden", false));
    live("stream");
    List<String> known = List.of(publish(), publish(), publish());
    assertReceived(known);
    browser.driver().switchTo().newWindow(WindowType.TAB);
    browser.open(server.base().resolve(PAGE));
    play(
        """
        globalThis.asked = 0;
        const real = fetch;
        globalThis.fetch = async (...call) => { %s return real(...call); };
        """
            .formatted(history));
    return known;
  }

  private void join(String position) {
    play(
        """
        globalThis.resets = [];
        globalThis.studio = connect({ token: arguments[0], query: { types: "demo" }, position: "%s",
          pauseWhenHidden: false, firstWait: 200 });
        studio.on("demo", (event) => ids.push(event.id));
        studio.on("stream.reset", (event) => resets.push(event.data));
        """
            .formatted(position));
    live("shared");
  }

  @Test
  void aFailingListenerDoesNotAffectOtherListeners() {
    browser.open(server.base().resolve(PAGE));
    play(
        """
        globalThis.studio = connect({ token: arguments[0], query: { types: "demo" }, share: false });
        studio.onState(() => { throw new Error("on purpose"); });
        studio.on("demo", () => { throw new Error("on purpose"); });
        studio.on("demo", (event) => ids.push(event.id));
        studio.onState((state) => states.push(state));
        """);
    live("stream");
    assertReceived(List.of(publish(), publish()));
    assertEquals(1L, browser.evaluate("states.filter((s) => s.state === 'live').length"));
  }

  /** A stream that is made in the page. */
  private static final String FRAMES =
      """
      const frames = 'id: 7\\nevent: connected\\ndata: {}\\n\\nid: 8\\nevent: demo\\ndata: 1\\n\\n'
        + 'event: demo\\ndata: 2\\n\\nevent: demo\\ndata: 3\\n\\nid: 9\\nevent: demo\\ndata: 4\\n\\n';
      const body = () => new ReadableStream({ start: (to) => to.enqueue(new TextEncoder().encode(frames)) });
      globalThis.fetch = async () => new Response(body());
      """;

  @Test
  void eventsWithoutAPositionAreNotTakenForDuplicates() {
    browser.open(server.base().resolve(PAGE));
    play(
        FRAMES
            + """
            globalThis.studio = connect({ query: { envelope: "false" }, share: false });
            studio.on("demo", (event) => ids.push([event.id, event.data]));
            """);
    browser.until("ids.length > 3");
    assertEquals(
        "[[\"8\",1],[null,2],[null,3],[\"9\",4]]", browser.evaluate("JSON.stringify(ids)"));
  }

  @Test
  void nothingIsDeliveredAfterClose() {
    browser.open(server.base().resolve(PAGE));
    play(
        FRAMES
            + """
            globalThis.studio = connect({ share: false });
            studio.on("demo", (event) => (ids.push(event.data), studio.close()));
            """);
    browser.until("studio.state.reason === 'closed'");
    assertEquals(1L, browser.evaluate("ids.length"));
    assertEquals("8", browser.evaluate("studio.position"));
  }

  @Test
  void noEventIsLostOnASlowConnection() throws Exception {
    try (SlowLine line = new SlowLine(server.base(), 400)) {
      connect(line.base(), Map.of("share", false));
      live("stream");
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        ids.add(publish());
      }
      assertReceived(ids);
    }
  }

  @Test
  void eachConnectionUsesANewTicket() throws Exception {
    try (SlowLine line = new SlowLine(server.base(), 0)) {
      connect(line.base(), Map.of("ticket", true, "share", false));
      live("stream");
      List<String> ids = new ArrayList<>(List.of(publish()));
      assertReceived(ids);
      for (int i = 0; i < 3; i++) {
        line.cut();
        ids.add(publish());
        assertReceived(ids);
      }
    }
  }

  @Test
  void theCookieOpensTheStreamToo() {
    browser.open(server.base().resolve(PAGE));
    browser
        .driver()
        .executeAsyncScript(
            "const done = arguments[1];"
                + "fetch('/api/v1/session', { method: 'POST',"
                + " headers: { Authorization: `Bearer ${arguments[0]}` } }).then(done, done)",
            ann.token());
    connect(server.base(), Map.of("cookie", true));
    live("stream");
    assertReceived(List.of(publish()));
  }

  @Test
  void itGivesUpAfterTheMaximumNumberOfAttempts() {
    connect(server.base(), Map.of("url", "/api/v1/nothing/stream", "attempts", 2));
    browser.until("studio.state.state === 'refused' && studio.state.status === 404");
    browser.open(server.base().resolve("dashboard/words.js"));
    connect(server.base(), Map.of("url", "http://127.0.0.1:9/stream", "attempts", 2));
    browser.until("studio.state.state === 'closed' && studio.state.reason === 'gave_up'");
  }

  @Test
  void anInvalidTokenIsRejected() {
    browser.open(server.base().resolve(PAGE));
    connect("not-a-token", Map.of());
    browser.until("studio.state.state === 'refused' && studio.state.status === 401");
  }
}
