package devfest.studio;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.push.Subscriber;
import devfest.studio.webhooks.Receiver;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The feeds in a real Chromium: the clients' modules and the pages that are made of them. */
class FeedsBrowserIT {

  /** A page of the studio's origin without scripts of its own. */
  private static final String PAGE = "dashboard/icon.svg";

  private static final String HOOK_SECRET = "a secret";

  @TempDir static Path dir;
  private static Server server;

  private Client ann;
  private Client admin;
  private Client publisher;
  private Browser browser;

  @BeforeAll
  static void startServer() throws IOException {
    server = start(Server.freePort());
  }

  private static Server start(int port) throws IOException {
    return Server.startAt(
        port,
        dir,
        "studio.dev-mode=true",
        "studio.stream.heartbeat=PT1S",
        "studio.webhooks.allow-private=true",
        "studio.github.webhook-secret=" + HOOK_SECRET);
  }

  /**
   * Kills the server and starts it again.
   *
   * @param meanwhile runs when the server is down
   */
  private void outage(Runnable meanwhile) throws IOException, InterruptedException {
    server.kill();
    meanwhile.run();
    server = start(server.base().getPort());
    clients(server);
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void startBrowser() throws IOException {
    clients(server);
    browser = new Browser(dir, "en");
    // The browser's own list does not contain open requests.
    browser
        .driver()
        .executeCdpCommand(
            "Page.addScriptToEvaluateOnNewDocument",
            Map.of(
                "source",
                """
                const fetching = fetch;
                globalThis.fetched = [];
                globalThis.fetch = (url, options) => {
                  fetched.push(`${options?.method ?? "GET"} ${url}`);
                  return fetching(url, options);
                };
                """));
  }

  private void clients(Server of) {
    ann = Client.of(of.base(), "ann");
    admin = Client.of(of.base(), "root", "admin");
    publisher = Client.of(of.base(), "pub", "publisher");
  }

  @AfterEach
  void stopBrowser() {
    browser.close();
  }

  // ---- a connection of channels

  /** Runs a script in an empty page, which has the clients' modules, and waits until it is done. */
  private void play(Client as, String script) {
    play(as.uri("/"), as, script);
  }

  private void play(URI base, Client as, String script) {
    browser.open(base.resolve(PAGE));
    Object failure =
        browser
            .driver()
            .executeAsyncScript(
                """
                const done = arguments[arguments.length - 1];
                const token = arguments[0];
                globalThis.frames = [];
                globalThis.events = [];
                globalThis.states = [];
                Promise.all([import("/client/devfest-studio.js"), import("/client/devfest-timer.js")])
                  .then(async ([{ connect }, { connectTimer, Countdown }]) => { %s })
                  .then(() => done(null), (failure) => done(String(failure)));
                """
                    .formatted(script),
                as.token());
    assertNull(failure);
  }

  /** Subscribes to channels and keeps their messages. */
  private void channels(Client as, String... names) {
    String list = "[\"" + String.join("\",\"", names) + "\"]";
    play(
        as,
        """
        globalThis.hear = (name) => studio.onChannel(name, (frame) => frames.push(frame));
        globalThis.studio = connect({ token, channels: %s, firstWait: 300, longestWait: 1500 });
        %s.forEach(hear);
        studio.on("*", (event) => events.push(event));
        studio.onState((state) => states.push(state));
        """
            .formatted(list, list));
    browser.until("studio.state.state === 'live'");
  }

  /** How many streams the page has opened so far. */
  private long opened() {
    return (Long)
        browser.evaluate("fetched.filter((call) => /[/]stream([?]|$)/.test(call)).length");
  }

  private double connections(String transport) {
    return metric("studio_connections{transport=\"" + transport + "\"}");
  }

  /** A number of the metrics; 0 when it is not there. */
  private double metric(String name) {
    String text = new String(admin.get("/api/v1/metrics").bytes(), StandardCharsets.UTF_8);
    return text.lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private void mention(String who, String text) {
    Client.Reply reply =
        publisher.post("/api/v1/users/" + who + "/mention", "{\"text\":\"" + text + "\"}");
    assertTrue(reply.status() < 300, () -> new String(reply.bytes(), StandardCharsets.UTF_8));
  }

  private String game(String home, String away) {
    Client.Reply reply =
        publisher.post("/api/v1/games", "{\"home\":\"%s\",\"away\":\"%s\"}".formatted(home, away));
    assertEquals(201, reply.status());
    return reply.data().getString("gameId");
  }

  private void score(String game, int home, int away, String type) {
    Client.Reply reply =
        publisher.post(
            "/api/v1/games/" + game + "/score",
            "{\"home_score\":%d,\"away_score\":%d,\"event_type\":\"%s\"}"
                .formatted(home, away, type));
    assertEquals(200, reply.status());
  }

  private void timer(String what, String body) {
    Client.Reply reply = publisher.post("/api/v1/timer/" + what, body);
    assertEquals(200, reply.status(), () -> new String(reply.bytes(), StandardCharsets.UTF_8));
  }

  private static String frame(String channel, String condition) {
    return "frames.some(({ channel, event, data }) => channel === '%s' && (%s))"
        .formatted(channel, condition);
  }

  @Test
  void sixFeedsDeliverTheirChangesOverOneConnection() throws IOException {
    String game = game("Brest", "Nantes");
    await().until(() -> connections("stream") == 0); // of before
    channels(admin, "events", "notifications", "quota", "metrics", "timer", "games/" + game);
    browser.until(frame("notifications", "event === 'unread'"));
    browser.until(frame("quota", "event === 'quota'"));
    browser.until(frame("metrics", "data.connections > 0"));
    browser.until(frame("timer", "event === 'timer_update'"));
    browser.until(frame("games/" + game, "event === 'initial' && data.home_score === 0"));

    publisher.publish("quota", "{\"told\":1}", "public");
    mention("root", "Hello, root");
    admin.transform(admin.photo(TestImages.jpeg(64, 48), "private"), "modern");
    timer("start", "{\"duration\":600}");
    score(game, 1, 0, "goal");
    browser.until(frame("events", "event === 'quota' && data.told === 1"));
    browser.until("events.some(({ event, data }) => event === 'quota' && data.told === 1)");
    browser.until(
        frame("notifications", "event === 'notification' && data.text === 'Hello, root'"));
    browser.until(frame("quota", "event === 'quota-update' && data.quota.used > 0"));
    browser.until(frame("timer", "data.running && data.remaining < 600"));
    browser.until(frame("games/" + game, "event === 'goal' && data.home_score === 1"));
    browser.until("frames.filter(({ channel }) => channel === 'metrics').length > 3");
    assertEquals(1L, opened());
    assertEquals(1, connections("stream"));
    assertEquals(
        true,
        browser.evaluate("events.every(({ event, data }) => event !== 'quota' || data.told)"),
        "a feed's frames are no events that somebody published");
    assertEquals(
        true,
        browser.evaluate(
            "new Set(frames.filter((f) => f.id).map((f) => f.id)).size === frames.filter((f) => f.id).length"));
    timer("reset", "{}");
  }

  @Test
  void channelsAreAddedAndRemovedOnTheOpenConnection() {
    String game = game("Lille", "Lens");
    channels(ann, "events", "timer");
    browser
        .driver()
        .executeScript(
            "hear('games/' + arguments[0]); studio.follow('games/' + arguments[0], 'quota');",
            game);
    browser.until(frame("games/" + game, "event === 'initial'"));
    score(game, 2, 1, "score");
    browser.until(frame("games/" + game, "data.home_score === 2"));
    assertEquals(
        List.of("left", List.of("events", "timer", "quota")),
        browser
            .driver()
            .executeAsyncScript(
                "const done = arguments[1]; studio.leave('games/' + arguments[0])"
                    + ".then(() => done(['left', studio.channels]), (e) => done([String(e)]))",
                game));
    score(game, 3, 1, "score");
    publisher.publish("after", "1", "public");
    browser.until("events.some(({ event }) => event === 'after')");
    assertEquals(false, browser.evaluate("frames.some(({ data }) => data?.home_score === 3)"));
    assertEquals(1L, opened());
  }

  @Test
  void aRejectedChannelIsDroppedAndTheOthersContinue() {
    channels(ann, "events");
    assertEquals(
        List.of(403L, List.of("metrics"), List.of("events")),
        browser
            .driver()
            .executeAsyncScript(
                "const done = arguments[0]; studio.follow('metrics')"
                    + ".then(() => done('followed'), (e) => done([e.status, e.channels, studio.channels]))"));
    publisher.publish("still", "1", "public");
    browser.until("events.some(({ event }) => event === 'still')");
    assertEquals(1L, opened());
  }

  @Test
  void aConnectionThatCannotBeChangedIsReopenedWithTheWantedChannels() {
    channels(ann, "events");
    browser
        .driver()
        .executeScript(
            """
            const real = fetch;
            globalThis.fetch = async (url, options) =>
              options?.method === "PATCH" ? new Response("", { status: 404 }) : real(url, options);
            hear("timer");
            studio.follow("timer");
            """);
    browser.until(frame("timer", "event === 'timer_update'"));
    publisher.publish("anew", "1", "public");
    browser.until("events.some(({ event }) => event === 'anew')");
    assertEquals(2L, opened());
    assertEquals(false, browser.evaluate("states.some(({ state }) => state === 'waiting')"));
  }

  @Test
  void channelsAreRestoredAfterAnOutage() throws Exception {
    channels(ann, "events");
    browser.driver().executeScript("hear('notifications'); studio.follow('notifications')");
    browser.until(frame("notifications", "event === 'unread'"));
    outage(
        () -> {
          browser.until("studio.state.state === 'waiting'");
          // The server is down now, so the next connection takes the change.
          browser.driver().executeScript("hear('timer'); studio.follow('timer')");
        });
    mention("ann", "while you were away");
    browser.until(frame("timer", "event === 'timer_update'"));
    browser.until(frame("notifications", "data.text === 'while you were away'"));
  }

  @Test
  void behindABufferingProxyEventsArePolledAndOtherChannelsRestartLater() throws Exception {
    try (Nginx nginx = new Nginx(dir, server.base())) {
      play(
          nginx.base(),
          ann,
          """
          globalThis.studio = connect({ token, channels: ["events", "timer"], patience: 1500, streamAgain: 4000 });
          studio.onChannel("timer", (frame) => frames.push(frame));
          studio.on("held", (event) => events.push(event));
          """);
      browser.until("studio.state.transport === 'polling'");
      publisher.publish("held", "1", "public");
      browser.until("events.length === 1 && events[0].channel === 'events'");
      assertEquals(0L, browser.evaluate("frames.length"));
      nginx.passOn();
      browser.until("studio.state.transport === 'stream'");
      browser.until(frame("timer", "event === 'timer_update'"));
      publisher.publish("held", "2", "public");
      browser.until("events.length === 2");
      assertEquals("1,2", browser.evaluate("events.map(({ data }) => data).join()"));
    }
  }

  // ---- what is in the way

  /** Opens the page that finds out, and waits for its verdict. */
  private void diagnose(URI base) {
    browser.open(base.resolve("diagnose"));
    browser.until("document.getElementById('again')?.disabled === false");
  }

  private void signIn(URI base) {
    browser.open(base.resolve(PAGE));
    Object status =
        browser
            .driver()
            .executeAsyncScript(
                """
                const [token, done] = arguments;
                fetch("/api/v1/session", { method: "POST", headers: { Authorization: `Bearer ${token}` } })
                  .then(({ status }) => done(status));
                """,
                ann.token());
    assertEquals(204L, status);
  }

  private String stateOf(String check) {
    return (String)
        browser.evaluate("document.getElementById('check-%s').dataset.state".formatted(check));
  }

  private List<String> states() {
    return Stream.of("network", "arrival", "resume", "socket").map(this::stateOf).toList();
  }

  private String verdict() {
    return (String) browser.evaluate("document.getElementById('verdict').textContent");
  }

  @Test
  void theWayIsDiagnosedWithAndWithoutAProxyThatHoldsBack() throws Exception {
    diagnose(server.base());
    assertEquals(List.of("works", "works", "works", "skipped"), states(), this::verdict);
    assertTrue(verdict().startsWith("Everything works."), this::verdict);
    browser.assertFitsAndIsAccessible("diagnose-works");
    try (Nginx nginx = new Nginx(dir, server.base())) {
      signIn(nginx.base());
      diagnose(nginx.base());
      assertEquals("fails", stateOf("arrival"), this::verdict);
      assertEquals("warns", stateOf("socket"), this::verdict);
      assertTrue(verdict().contains("a proxy that buffers"), this::verdict);
      browser.assertFitsAndIsAccessible("diagnose-held");
      nginx.passOn();
      diagnose(nginx.base());
      assertEquals(List.of("works", "works", "works", "warns"), states(), this::verdict);
      assertTrue(verdict().startsWith("WebSockets do not get through."), this::verdict);
      nginx.upgrade();
      diagnose(nginx.base());
      assertEquals(List.of("works", "works", "works", "works"), states(), this::verdict);
      nginx.cutQuiet();
      diagnose(nginx.base());
      assertEquals(List.of("works", "works", "works", "warns"), states(), this::verdict);
      browser.click("#quiet-test");
      browser.until("document.getElementById('check-quiet').dataset.state === 'fails'");
      assertTrue(verdict().contains("Idle connections are cut."), this::verdict);
    }
  }

  @Test
  void theWayIsNotFineIfOnlyAnEventSourceIsRefused() {
    browser.before(
        """
        globalThis.EventSource = class extends EventSource {
          constructor() { super("/nothing"); }
        };
        const asking = fetch;
        globalThis.accepted = [];
        globalThis.fetch = (url, options) => {
          if (String(url).includes("/stream")) accepted.push(new Headers(options.headers).get("Accept"));
          return asking(url, options);
        };
        """);
    diagnose(server.base());
    assertEquals(List.of("works", "works", "fails", "skipped"), states(), this::verdict);
    assertTrue(verdict().contains("refuses streams"), this::verdict);
    assertEquals(List.of("text/event-stream"), browser.evaluate("accepted"));
  }

  @Test
  void withoutAStudioTheDiagnosisSaysSo() throws Exception {
    try (Nginx nginx = new Nginx(dir, server.base())) {
      diagnose(nginx.base());
    }
    browser.click("#again");
    browser.until("document.getElementById('check-network').dataset.state === 'fails'");
    browser.until("document.getElementById('again').disabled === false");
    assertTrue(verdict().startsWith("The studio does not answer."), this::verdict);
    assertEquals("waiting", stateOf("arrival"));
  }

  // ---- the countdown, by the way that comes through

  private static final String TIMER =
      """
      globalThis.timer = connectTimer({ token, probe: 1500, patience: 2500, reportEvery: 1000 });
      globalThis.updates = [];
      timer.on((update) => updates.push(update));
      timer.onState((state) => states.push(state));
      """;

  private void by(String transport) {
    browser.until("timer.state.state === 'live' && timer.state.transport === '" + transport + "'");
    browser.driver().executeScript("globalThis.sofar = updates.length");
    browser.until("updates.length > sofar + 2");
    assertEquals(
        true,
        browser.evaluate(
            "updates.every(({ timestamp }, i) => i === 0 || timestamp >= updates[i - 1].timestamp)"));
  }

  @Test
  void theCountdownFallsBackThroughItsTransportsAndRecovers() throws Exception {
    timer("start", "{\"duration\":900}");
    try (Nginx nginx = new Nginx(dir, server.base())) {
      nginx.upgrade();
      play(nginx.base(), ann, TIMER);
      by("websocket");
      nginx.passOn();
      by("stream");
      nginx.holdBack();
      by("polling");
      nginx.passOn();
      by("stream");
      nginx.upgrade();
      by("websocket");
    }
    await()
        .until(
            () ->
                metric("studio_client_connections_total{outcome=\"failed\",transport=\"websocket\"")
                    > 0);
    await()
        .until(
            () ->
                metric(
                        "studio_client_connections_total{outcome=\"connected\",transport=\"polling\"")
                    > 0);
    await().until(() -> metric("studio_client_latency_seconds_count{transport=\"stream\"") > 0);
    browser.driver().executeScript("timer.close()");
    timer("reset", "{}");
  }

  @Test
  void theCountdownIsAccurateBetweenUpdatesOnEveryTransport() {
    timer("start", "{\"duration\":900}");
    for (String way : List.of("websocket", "stream", "polling")) {
      play(ann, TIMER.replace("token,", "token, transports: [\"" + way + "\"],"));
      by(way);
      Object off =
          browser
              .driver()
              .executeAsyncScript(
                  """
                  const [token, done] = arguments;
                  const headers = { Authorization: `Bearer ${token}` };
                  const look = async (offs = []) => {
                    const response = await fetch("/api/v1/timer", { headers });
                    const shown = timer.now();
                    offs.push(shown - (await response.json()).data.remaining);
                    if (offs.length < 10) return new Promise((go) => setTimeout(go, 170)).then(() => look(offs));
                    // The quickest answer gives the most accurate time.
                    return Math.min(...offs.map(Math.abs));
                  };
                  look().then(done);
                  """,
                  ann.token());
      assertTrue(((Number) off).doubleValue() < 0.1, way + " is off by " + off + " s");
    }
    timer("reset", "{}");
  }

  @Test
  void lateUpdatesFromAnotherTransportAreIgnored() {
    play(
        ann,
        """
        const update = (timestamp, remaining) => ({ type: "timer_update", remaining, elapsed: 0, timestamp, running: true });
        const countdown = new Countdown();
        globalThis.took = [
          countdown.take(update(1000, 60), 0),
          countdown.take(update(1001, 59), 1300),
          countdown.take(update(1000.5, 59.5), 1400),
        ];
        globalThis.left = countdown.now(2000);
        // The quickest update took nothing, so that the second was 300 ms late.
        globalThis.late = countdown.delay(update(1001, 59), 1300);
        // A clock that was set back does not stop it for good.
        globalThis.setBack = countdown.take(update(500, 40), 9000) && countdown.now(9000);
        """);
    assertEquals(List.of(true, true, false), browser.evaluate("took"));
    assertEquals(true, browser.evaluate("Math.abs(left - 58) < 0.001 && late === 300"));
    assertEquals(40L, browser.evaluate("setBack"));
  }

  @Test
  void theCountdownContinuesAfterAnOutage() throws Exception {
    timer("start", "{\"duration\":900}");
    play(ann, TIMER);
    by("websocket");
    outage(() -> browser.until("timer.state.state === 'waiting'"));
    by("websocket");
    assertEquals(true, browser.evaluate("timer.now() < 900 && timer.update.running"));
  }

  @Test
  void anInvalidTokenEndsTheCountdownClient() {
    browser.open(ann.uri(PAGE));
    play(ann.withToken("not-a-token"), TIMER);
    browser.until("timer.state.state === 'refused' && timer.state.status === 401");
  }

  // ---- the pages

  private void dashboard(Client as, String query) {
    browser.open(as.uri("/dashboard" + query + "#token=" + as.token()));
    browser.element("#connection[data-state='live']");
  }

  private void page(Client as, String name) {
    browser.open(as.uri("/dashboard/" + name + ".html#token=" + as.token()));
    browser.element("#connection[data-state='live']");
  }

  @Test
  void theDashboardReceivesEverythingOverOneConnection() throws IOException {
    timer("start", "{\"duration\":600}");
    dashboard(admin, "");
    browser.visible("#countdown");
    browser.until("/^(10:00|9:..)$/.test(document.getElementById('countdown').textContent)");
    browser.visible("#metrics");
    browser.until("/[0-9] MB/.test(document.getElementById('measure-heap').textContent)");
    browser.until("Chart.getChart('plot-cpu').data.datasets[0].data.length > 3");
    browser.click("#open-organiser");
    browser.until("document.getElementById('quota-text').textContent.length > 5");
    browser.until("document.getElementById('count-drafts').textContent !== ''");
    Hooks github = new Hooks(Client.anonymous(server.base()), Hooks.SHARED, HOOK_SECRET);
    assertEquals(202, github.deliver("release").status());
    browser.until("document.querySelector('#deliveries li')?.textContent.includes('release')");
    browser.until("document.querySelectorAll('#posts-drafts .post').length > 0");
    browser.click("#open-organiser");
    admin.transform(admin.photo(TestImages.jpeg(64, 48), "public"), "noir");
    browser.element(".picture[data-status='completed']");
    mention("root", "over here");
    browser.until("Number(document.getElementById('unread').textContent) > 0");
    assertEquals(1L, opened());
    timer("pause", "");
    browser.until("document.getElementById('countdown').hidden");
    browser.size(1280, 900);
    browser.driver().executeScript("document.getElementById('metrics').scrollIntoView()");
    browser.screenshot("metrics-1280");
    browser.assertNothingWentWrong();
    timer("reset", "{}");
  }

  @Test
  void theOrganisersViewRecoversAfterAnOutage() throws Exception {
    dashboard(publisher, "");
    browser.click("#open-organiser");
    browser.until("document.getElementById('count-drafts').textContent !== ''");
    outage(() -> browser.element("#connection[data-state='waiting']"));
    browser.element("#connection[data-state='live']");
    Hooks github = new Hooks(Client.anonymous(server.base()), Hooks.SHARED, HOOK_SECRET);
    assertEquals(202, github.deliver("release").status());
    browser.until("document.querySelector('#deliveries li')?.textContent.includes('release')");
    assertEquals(1, connections("stream"));
  }

  @Test
  void anAttendeeSeesNoMetricsAndAWallShowsOnlyPublicEvents() {
    dashboard(ann, "");
    assertEquals(false, browser.element("#metrics").isDisplayed());
    assertTrue(browser.element("#bell").isDisplayed());
    dashboard(admin, "?kiosk");
    assertEquals(false, browser.element("#bell").isDisplayed());
    assertEquals(false, browser.element("#metrics").isDisplayed());
    assertEquals(
        true,
        browser.evaluate(
            "fetched.some((call) => call.includes('visibility=public')"
                + " && /[?&]channels=events%2Ctimer(&|$)/.test(call))"));
  }

  @Test
  void aMentionShowsAtTheBellAndIsReadOnceSeen() throws IOException {
    Client bea = Client.of(server.base(), "bea");
    mention("bea", "See <b>you</b> in room A");
    dashboard(bea, "");
    browser.until("document.getElementById('unread').textContent === '1'");
    mention("bea", "Or in room B");
    browser.until("document.getElementById('unread').textContent === '2'");
    assertEquals("Notifications: 2 unread", browser.element("#bell").getAttribute("aria-label"));
    browser.click("#bell");
    browser.until("document.querySelectorAll('#notice-list li').length === 2");
    assertTrue(
        browser
            .element("#notice-list")
            .getText()
            .contains("pub mentioned you: See <b>you</b> in room A"));
    browser.until("document.getElementById('unread').hidden");
    assertTrue(bea.get("/api/v1/notifications?unread=true").items().isEmpty());
    mention("bea", "Are you there?");
    browser.until("document.querySelectorAll('#notice-list li').length === 3");
    browser.until("document.getElementById('unread').hidden");
    browser.assertNothingWentWrong();
    browser.assertFitsAndIsAccessible("bell");
    browser.element("#notice-list").sendKeys(Keys.ESCAPE);
    browser.until("document.getElementById('notices').hidden");

    for (int i = 0; i < 3; i++) {
      bea.transform(bea.photo(TestImages.jpeg(64, 48), "private"), "noir");
    }
    browser.until("document.getElementById('unread').textContent === '3'");
    // Marked in another tab, or on the phone.
    assertTrue(bea.post("/api/v1/notifications/read-all", "").status() < 300);
    browser.until("document.getElementById('unread').hidden");
    browser.click("#bell");
    browser.until(
        "document.getElementById('notice-list').textContent.includes('Your picture is ready')");
  }

  @Test
  void aHiddenPageUsesBrowserNotificationsOnceTheUserAllowsThem() {
    Client cleo = Client.of(server.base(), "cleo");
    browser
        .driver()
        .executeCdpCommand(
            "Page.addScriptToEvaluateOnNewDocument",
            Map.of(
                "source",
                """
                globalThis.told = [];
                globalThis.asked = 0;
                globalThis.Notification = class {
                  static permission = "default";
                  static async requestPermission() { asked++; return (this.permission = "granted"); }
                  constructor(title, { body, tag }) { told.push(body); }
                };
                globalThis.gone = false;
                Object.defineProperty(document, "hidden", { get: () => gone });
                document.hasFocus = () => !gone;
                """));
    dashboard(cleo, "");
    browser.driver().executeScript("gone = true");
    mention("cleo", "one");
    browser.until("document.getElementById('unread').textContent === '1'");
    assertEquals(true, browser.evaluate("asked === 0 && told.length === 0"));
    browser.driver().executeScript("gone = false");
    browser.click("#bell");
    browser.click("#notify");
    browser.element("#notify[aria-pressed='true']");
    mention("cleo", "two");
    browser.until("document.querySelectorAll('#notice-list li').length === 2");
    assertEquals(true, browser.evaluate("asked === 1 && told.length === 0"));
    browser
        .driver()
        .executeScript("gone = true; document.dispatchEvent(new Event('visibilitychange'))");
    await().during(Duration.ofSeconds(4)).until(() -> true);
    mention("cleo", "three");
    browser.until("told.join() === 'pub mentioned you: three'");
  }

  /**
   * Headless Chromium has no push service, so the test replaces {@code subscribe} and {@code
   * getSubscription} of the browser, and nothing else.
   */
  @Test
  void theSwitchSubscribesTheBrowserAndSigningOutUnsubscribesIt() {
    Client dora = Client.of(server.base(), "dora");
    Subscriber keys = new Subscriber();
    String subscription = keys.subscription("https://push.example.org/dora");
    String path = "/api/v1/push/subscriptions";
    browser.before(
        """
        Notification.requestPermission = async () => "granted";
        Object.defineProperty(Notification, "permission", { get: () => "granted" });
        let present = null;
        PushManager.prototype.getSubscription = async () => present;
        PushManager.prototype.subscribe = async (options) => {
          globalThis.subscribedFor = options.applicationServerKey;
          return (present = {
            endpoint: "https://push.example.org/dora",
            toJSON: () => (%s),
            unsubscribe: async () => { present = null; return true; },
          });
        };
        """
            .formatted(subscription));
    dashboard(dora, "");
    browser.click("#bell");
    assertEquals("false", browser.element("#notify").getAttribute("aria-pressed"));
    browser.click("#notify");
    browser.element("#notify[aria-pressed='true']");
    browser.until("fetched.some((call) => /^POST .*push.subscriptions/.test(call))");
    assertEquals(
        dora.get("/api/v1/push/key").data().getString("publicKey"),
        browser.evaluate("subscribedFor"));
    String endpoint = path + "?endpoint=https://push.example.org/dora";
    await().until(() -> dora.delete(endpoint).status() == 204); // the page has subscribed
    browser.click("#notify");
    browser.element("#notify[aria-pressed='false']");
    browser.click("#notify");
    browser.element("#notify[aria-pressed='true']");
    browser.until( // the list has only requests that have ended
        "performance.getEntriesByType('resource')"
            + ".filter(({ name }) => name.endsWith('/push/subscriptions')).length === 2");
    assertEquals(200, dora.post(path, subscription).status(), "the page has subscribed again");
    browser.click("#bell");
    browser.click("#sign-out");
    browser.element("#open-sign-in");
    assertEquals(404, dora.delete(endpoint).status());
    assertEquals(null, browser.evaluate("localStorage.getItem('studio.notify')"));
  }

  @Test
  void theServiceWorkerShowsAMessageUnlessTheDashboardIsInView() {
    String origin = "http://localhost:" + server.base().getPort();
    browser
        .driver()
        .executeCdpCommand(
            "Browser.grantPermissions",
            Map.of("origin", origin, "permissions", List.of("notifications")));
    browser.open(URI.create(origin + "/dashboard/styles.js"));
    browser
        .driver()
        .executeAsyncScript(
            """
            const done = arguments[0];
            navigator.serviceWorker.register("/dashboard/sw.js").then(({ active, installing }) => {
              if (active) done();
              else installing.onstatechange = ({ target }) => target.state === "activated" && done();
            });
            """);
    browser.driver().executeCdpCommand("ServiceWorker.enable", Map.of());
    browser.open(URI.create(origin + "/dashboard"));
    push(origin, "seen", "1");
    browser.open(URI.create(origin + "/dashboard/styles.js")); // shows no notifications itself
    push(origin, "first", "2");
    push(origin, "second", "2");
    await().until(() -> notifications().equals(List.of("second")));
    browser.open(URI.create(origin + "/dashboard?kiosk")); // has no bell
    push(origin, "wall", "3");
    await().until(() -> notifications().equals(List.of("second", "wall")));
  }

  @Test
  void anotherLibraryReadsAMessage() throws Exception {
    Client eve = Client.of(server.base(), "eve");
    Subscriber keys = new Subscriber();
    try (Receiver service = new Receiver()) {
      String subscription = keys.subscription(service.url());
      assertEquals(201, eve.post("/api/v1/push/subscriptions", subscription).status());
      for (String text : List.of("short", "é€😀 \\\"quoted\\\" " + "long ".repeat(40))) {
        int before = service.arrived().size();
        mention("eve", text);
        await().until(() -> service.arrived().size() > before);
        Path body = Files.write(dir.resolve("message"), service.arrived().get(before).bytes());
        String script = Path.of("src/test/javascript/decrypt.js").toAbsolutePath().toString();
        String message =
            ExampleProcess.call(
                dir, "node", script, body.toString(), keys.privateKey(), keys.auth());
        assertEquals(keys.decrypt(Files.readAllBytes(body)), message);
        assertTrue(message.contains("mentioned you"), message);
      }
    }
  }

  /** A fresh profile numbers its registrations from 0. */
  private void push(String origin, String title, String tag) {
    String message =
        "{\"title\":\"%s\",\"body\":\"b\",\"url\":\"%s/p/1\",\"tag\":\"%s\"}"
            .formatted(title, origin, tag);
    browser
        .driver()
        .executeCdpCommand(
            "ServiceWorker.deliverPushMessage",
            Map.of("origin", origin, "registrationId", "0", "data", message));
  }

  /** The titles of the notifications that the browser shows. */
  private Object notifications() {
    return browser
        .driver()
        .executeAsyncScript(
            """
            const done = arguments[0];
            navigator.serviceWorker.getRegistration("/dashboard/")
              .then((registration) => registration.getNotifications())
              .then((shown) => done(shown.map(({ title }) => title)));
            """);
  }

  @Test
  void severalGamesShareOneConnectionAndChangesAreHighlighted() throws IOException {
    String first = game("Rennes", "Lorient");
    String second = game("Vannes", "Quimper");
    page(ann, "scores");
    browser.until(shown(first, "0", "0") + " && " + shown(second, "0", "0"));
    assertTrue(browser.elements("#games button").isEmpty());
    // Only a connection that has both channels may report both.
    browser.until("fetched.some((call) => /^PATCH .*[/]streams[/]/.test(call))");
    browser
        .driver()
        .executeScript(
            """
            globalThis.stoodOut = [];
            const look = () => {
              const changed = [...document.querySelectorAll(".changed")];
              stoodOut.push({ at: performance.now(), which: changed.map((e) => e.closest(arguments[0]).dataset.game
                + (e.closest(".home") ? " home" : " away")).join() });
            };
            new MutationObserver(look).observe(document.getElementById("games"),
              { subtree: true, attributeFilter: ["class"] });
            """,
            "[data-game]");
    score(first, 1, 0, "goal");
    browser.until(shown(first, "1", "0"));
    browser.screenshot("scores-changed");
    browser.until("stoodOut.length === 2");
    assertEquals(List.of(first + " home", ""), browser.evaluate("stoodOut.map((s) => s.which)"));
    double lasted =
        ((Number) browser.evaluate("stoodOut[1].at - stoodOut[0].at")).doubleValue() / 1_000;
    assertTrue(lasted > 1.9 && lasted < 4, "it stood out for " + lasted + " s");
    score(second, 0, 3, "score");
    browser.until(shown(second, "0", "3"));

    String third = game("Brest", "<i>Nantes</i>");
    browser.until(shown(third, "0", "0"));
    browser.until("document.querySelector('#games li').dataset.game === '" + third + "'");
    score(third, 0, 1, "goal");
    browser.until(shown(third, "0", "1"));
    score(third, 0, 2, "finished");
    browser.element(card(third) + "[data-status='finished']");
    assertEquals(1L, opened());
    browser.assertNothingWentWrong();
    browser.assertFitsAndIsAccessible("scores");
  }

  private static String card(String game) {
    return "[data-game='" + game + "']";
  }

  private static String shown(String game, String home, String away) {
    return "[...document.querySelectorAll(\"[data-game='%s'] .score\")].map((s) => s.textContent).join() === '%s,%s'"
        .formatted(game, home, away);
  }

  @Test
  void aPublisherCreatesScoresAndFinishesAGame() throws IOException {
    page(publisher, "scores");
    browser.visible("#new-game [name=home]").sendKeys("Caen");
    browser.element("#new-game [name=away]").sendKeys("Rouen");
    browser.click("#new-game button");
    browser.until("document.querySelector('#games li')?.textContent.includes('Caen')");
    String id = (String) browser.evaluate("document.querySelector('#games li').dataset.game");
    browser
        .driver()
        .executeScript(
            "for (let i = 0; i < 5; i++) document.querySelector('#games .home button:last-of-type').click()");
    browser.until(shown(id, "5", "0"));
    browser.click(card(id) + " .home button");
    browser.until(shown(id, "4", "0"));
    browser.assertFitsAndIsAccessible("scores-publisher");
    browser.driver().executeScript("globalThis.confirm = () => true");
    browser.click(card(id) + " .finish");
    browser.element(card(id) + "[data-status='finished']");
    assertEquals("finished", ann.get("/api/v1/games/" + id).data().getString("status"));
    assertTrue(browser.elements(card(id) + " button").isEmpty());
  }

  @Test
  void publishersControlTheCountdownPageWhichNamesItsTransport() throws IOException {
    page(ann, "timer");
    assertEquals(false, browser.element("#drive").isDisplayed());
    page(publisher, "timer");
    browser.visible("#minutes").sendKeys("10");
    browser.click("#timer-reset");
    browser.until("document.getElementById('time').textContent === '10:00'");
    browser.click("#timer-start");
    browser.until("document.getElementById('timer').dataset.state === 'running'");
    browser.click("#timer-penalty");
    browser.until("/^8:..$/.test(document.getElementById('time').textContent)");
    assertEquals("via WebSocket", browser.element("#transport").getText());
    browser.assertFitsAndIsAccessible("timer");
    browser.click("#timer-pause");
    browser.until("document.getElementById('timer-state').textContent === 'Paused'");
    browser.click("#timer-complete");
    browser.until("document.getElementById('timer-state').textContent === 'Completed in time!'");
    browser.click("#timer-start");
    assertTrue(browser.visible("#timer-message").getText().length() > 5);
    browser.click("#timer-reset");
    browser.until("document.getElementById('timer-state').textContent === 'Paused'");
  }

  @Test
  void theCountdownSwitchesTransportsUnattended() throws Exception {
    timer("start", "{\"duration\":900}");
    try (Nginx nginx = new Nginx(dir, server.base())) {
      nginx.upgrade();
      browser.open(nginx.base().resolve("dashboard/timer.html#token=" + ann.token()));
      shows("via WebSocket");
      nginx.passOn();
      shows("via event stream");
      nginx.holdBack();
      shows("via polling every second");
    }
    timer("reset", "{}");
  }

  /** Shows that way, and goes on. */
  private void shows(String way) {
    browser.until("document.getElementById('transport').textContent === '" + way + "'");
    browser.driver().executeScript("globalThis.then = document.getElementById('time').textContent");
    browser.until("document.getElementById('time').textContent !== then");
  }

  @Test
  void thePagesAreAvailableInFrench() throws IOException {
    try (Browser french = new Browser(dir, "fr")) {
      french.open(publisher.uri("/dashboard/timer.html#token=" + publisher.token()));
      french.element("#connection[data-state='live']");
      assertEquals("Démarrer", french.element("#timer-start").getText());
      french.open(publisher.uri("/dashboard/scores.html"));
      french.element("#connection[data-state='live']");
      assertEquals("Nouveau match", french.element("#new-game button").getText());
      french.open(publisher.uri("/dashboard/chat.html"));
      french.element("#connection[data-state='live']");
      assertEquals("Envoyer", french.element("#speak button").getText());
      assertEquals(
          true,
          french.evaluate(
              "![...document.querySelectorAll('[data-word]')].some((e) => /undefined|^$/.test(e.textContent))"));
    }
  }

  // ---- chat, archives, and drafts

  @Test
  void aRoomShowsPastAndNewMessagesAsText() throws IOException {
    String room = "r" + java.util.UUID.randomUUID().toString().substring(0, 8);
    String path = "/api/v1/chat/messages";
    publisher.post(path, "{\"room\":\"%s\",\"text\":\"<b>before</b>\"}".formatted(room));
    page(ann, "chat");
    browser.element("#room").clear();
    browser.element("#room").sendKeys(room);
    browser.click("#enter button");
    browser.until("document.querySelector('#said')?.textContent.includes('<b>before</b>')");
    browser.element("#text").sendKeys("Hello from ann");
    browser.click("#speak button");
    browser.until("document.querySelector('#said').textContent.includes('Hello from ann')");
    browser.until("document.querySelector('#text').value === ''");
    String id =
        publisher
            .post(path, "{\"room\":\"%s\",\"text\":\"to be erased\"}".formatted(room))
            .data()
            .getString("id");
    browser.until("document.querySelector('[data-message=\"" + id + "\"]')");
    assertEquals(204, admin.delete(path + "/" + id + "?room=" + room).status());
    browser.until("!document.querySelector('[data-message=\"" + id + "\"]')");
    browser.assertFitsAndIsAccessible("chat");
  }

  @Test
  void anArchiveUploadShowsItsProgressAndItsRejectedFiles() throws IOException {
    Path zip = dir.resolve("photos.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      for (String name : List.of("a.jpg", "b.jpg", "notes.txt")) {
        out.putNextEntry(new ZipEntry(name));
        out.write(name.endsWith(".txt") ? new byte[20] : TestImages.jpeg(400, 300));
        out.closeEntry();
      }
    }
    int before = ann.get("/api/v1/photos?limit=100").items().size();
    browser.size(1280, 900);
    browser.open(ann.uri("/dashboard#token=" + ann.token()));
    browser.until("document.querySelector('#connection').dataset.state === 'live'");
    browser.element("#files").sendKeys(zip.toString());
    browser.until("document.querySelector('#uploads')?.textContent.includes('2 photos imported')");
    browser.until("document.querySelector('#uploads').textContent.includes('notes.txt')");
    assertEquals(before + 2, ann.get("/api/v1/photos?limit=100").items().size());
    assertEquals(1L, opened());
    browser.screenshot("archive-1280");
  }

  @Test
  void theAssistantDraftsAPostFromAPicture() throws IOException {
    ann.transform(ann.photo(TestImages.jpeg(400, 300), "public"), "vintage");
    browser.size(1280, 900);
    browser.open(publisher.uri("/dashboard#token=" + publisher.token()));
    browser.click(".picture[data-status='completed'] img");
    browser.click("#viewer-draft");
    browser.until("document.querySelector('#post-body').value.includes('#DevFest')");
    browser.until("!document.querySelector('#post-save').disabled");
    assertEquals(
        true,
        browser.evaluate(
            "document.querySelector('#post-note').textContent.includes('not a language model')"));
    assertEquals(
        false,
        browser.evaluate(
            "document.querySelector('#post-body').value.includes('not a language model')"));
    browser.screenshot("draft-1280");
    browser.click("#post-save");
    await()
        .until(
            () ->
                publisher.get("/api/v1/github/posts").items().stream()
                    .anyMatch(post -> post.asJsonObject().getString("title").contains("Vintage")));
  }

  // ---- the paths that older clients know

  /** The whole table, with clients as their documents write them: EventSource, fetch, WebSocket. */
  @Test
  void everyPathOfTheSourceDocumentsAnswersItsClients() {
    String game = game("Here", "There");
    play(
        admin,
        """
        const first = (path, event, at = "?") => new Promise((resolve, reject) => {
          const source = new EventSource(`${path}${at}token=${token}`);
          const late = setTimeout(() => reject(`${path}: no ${event}`), 60000);
          source.addEventListener(event, ({ data }) => {
            clearTimeout(late);
            source.close();
            resolve([path, data]);
          });
        });
        const post = async (path, body) => {
          const headers = { Authorization: `Bearer ${token}` };
          if (!(body instanceof FormData)) headers["Content-Type"] = "application/json";
          const response = await fetch(path, {
            method: "POST", headers, body: body instanceof FormData ? body : JSON.stringify(body),
          });
          return response.json();
        };
        const zip = new FormData();
        const bytes = Uint8Array.from(atob("%s"), (c) => c.charCodeAt(0));
        zip.append("file", new Blob([bytes]), "photos.zip");
        const { taskId } = await post("/api/tasks/upload", zip);
        const socket = new Promise((resolve) => {
          const opened = new WebSocket(`ws://${location.host}/timer/ws?token=${token}`);
          opened.onmessage = ({ data }) => resolve(["/timer/ws", data]);
        });
        globalThis.posted = {
          event_id: (await post("/api/broadcast", { data: "hello" })).event_id,
          text: (await post("/api/users/ann/mention", { text: "hi" })).text,
          home_score: (await post("/api/games/%s/score", { home_score: 1, away_score: 0 })).home_score,
          message: (await post("/send-message", { message: "said" })).text,
          remaining: (await (await fetch("/timer", { headers: { Authorization: `Bearer ${token}` } })).json()).remaining,
          taskId,
        };
        globalThis.heard = Object.fromEntries(await Promise.all([
          socket,
          first("/events", "connected"), first("/api/events", "connected"), first("/api/stream", "connected"),
          ...["", "/api"].flatMap((at) => [
            first(`${at}/github/events/stream`, "events"), first(`${at}/github/events/length/stream`, "count"),
            first(`${at}/github/posts/stats/stream`, "stats"), first(`${at}/quota/stream`, "quota"),
          ]),
          first("/notifications", "connected"), first("/api/notifications/stream", "connected"),
          first("/metrics-stream", "metrics"), first("/api/metrics/stream", "metrics"),
          first("/api/games/%s/stream", "initial"), first(`/api/tasks/${taskId}/progress`, "progress"),
          first("/chat-events", "message"), first("/timer/stream", "message"),
        ]));
        globalThis.ended = [
          (await first("/chat-stream?q=hi", "done", "&"))[1],
          (await first("/chat-stream", "done"))[1],
          (await first("/ai-stream?prompt=hi", "complete", "&"))[1],
        ];
        """
            .formatted(java.util.Base64.getEncoder().encodeToString(archive()), game, game));
    assertEquals(20L, browser.evaluate("Object.keys(heard).length"));
    assertEquals(true, browser.evaluate("ended.every((data) => data === \"\")"));
    assertEquals(true, browser.evaluate("Object.values(heard).every((data) => JSON.parse(data))"));
    assertEquals(
        true, browser.evaluate("Object.values(posted).every((value) => value !== undefined)"));
  }

  private static byte[] archive() {
    java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(bytes)) {
      out.putNextEntry(new ZipEntry("a.jpg"));
      out.write(TestImages.jpeg(64, 48));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
