package devfest.studio.push;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import devfest.studio.Client;
import devfest.studio.SharedServerTest;
import devfest.studio.TestImages;
import devfest.studio.webhooks.Receiver;
import devfest.studio.webhooks.Receiver.Answer;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Web Push with push services that accept, fail, hang, redirect and forget. */
class PushIT extends SharedServerTest {

  private static final String SUBSCRIPTIONS = V1 + "/push/subscriptions";

  private static final Pattern VAPID = Pattern.compile("vapid t=([^,]+), *k=(.+)");

  private final Subscriber browser = new Subscriber();
  private Receiver service;

  @BeforeEach
  void startService() throws IOException {
    service = new Receiver();
  }

  @AfterEach
  void stopService() {
    service.close();
  }

  private static Client.Reply subscribe(Client user, Subscriber browser, Receiver at) {
    return user.post(SUBSCRIPTIONS, browser.subscription(at.url()));
  }

  private String subscribe(Client user) {
    Client.Reply reply = subscribe(user, browser, service);
    assertEquals(201, reply.status(), () -> new String(reply.bytes(), StandardCharsets.UTF_8));
    return reply.data().getString("subscriptionId");
  }

  private void mention(Client user, String text) {
    assertEquals(201, mention(publisher, user, text).status());
  }

  private static List<String> texts(Subscriber browser, Receiver at) {
    return at.arrived().stream()
        .map(arrival -> browser.read(arrival.bytes()).getString("body"))
        .toList();
  }

  private void awaitTexts(String... texts) {
    List<String> expected = Arrays.asList(texts);
    await().until(() -> texts(browser, service), expected::equals);
  }

  @Test
  void aPictureThatIsReadyArrivesEncryptedSignedAndInTheUsersLanguage() throws Exception {
    Client.Reply subscribed =
        ann.send(
            ann.request(SUBSCRIPTIONS)
                .header("Content-Type", "application/json")
                .header("Accept-Language", "de, fr;q=0.9, en;q=0.8")
                .POST(HttpRequest.BodyPublishers.ofString(browser.subscription(service.url()))));
    assertEquals(201, subscribed.status());
    assertEquals("fr", subscribed.data().getString("language"));
    assertTrue(
        subscribed.header("Location").endsWith(subscribed.data().getString("subscriptionId")));
    String picture = ann.transform(ann.photo(TestImages.jpeg(60, 40), null), "vintage");
    await().until(() -> !service.arrived().isEmpty());
    Receiver.Arrival arrival = service.arrived().get(0);
    assertTrue(arrival.bytes().length < 3_000);
    JsonObject message = browser.read(arrival.bytes());
    assertEquals("Votre image est prête", message.getString("title"));
    assertTrue(message.getString("url").endsWith("/p/" + picture));
    JsonObject note = ann.get(V1 + "/notifications").items().getJsonObject(0);
    assertEquals(note.getString("id"), message.getString("tag"));
    assertEquals("aes128gcm", arrival.header("content-encoding"));
    assertEquals("high", arrival.header("urgency"));
    assertTrue(arrival.header("topic").matches("[A-Za-z0-9_-]{1,32}"));
    int life = Integer.parseInt(one(arrival, "TTL"));
    assertTrue(life > 86_000 && life <= 86_400, () -> "TTL " + life);
    isSignedByTheStudio(arrival);
  }

  private static String one(Receiver.Arrival arrival, String name) {
    return arrival.headers().entrySet().stream()
        .filter(header -> header.getKey().equalsIgnoreCase(name))
        .map(header -> header.getValue().get(0))
        .findFirst()
        .orElseThrow();
  }

  /**
   * RFC 8292: by the key for which browsers subscribe, for this push service, for a day at most.
   */
  private void isSignedByTheStudio(Receiver.Arrival arrival) throws Exception {
    String key = ann.get(V1 + "/push/key").data().getString("publicKey");
    Matcher header = VAPID.matcher(arrival.header("authorization"));
    assertTrue(header.matches(), arrival.header("authorization"));
    assertEquals(key, header.group(2));
    byte[] point = Base64URL.from(key).decode();
    ECKey publicKey =
        new ECKey.Builder(
                Curve.P_256,
                Base64URL.encode(Arrays.copyOfRange(point, 1, 33)),
                Base64URL.encode(Arrays.copyOfRange(point, 33, 65)))
            .build();
    SignedJWT token = SignedJWT.parse(header.group(1));
    assertTrue(token.verify(new ECDSAVerifier(publicKey)));
    JWTClaimsSet claims = token.getJWTClaimsSet();
    assertEquals(List.of("http://127.0.0.1:" + service.port()), claims.getAudience());
    assertTrue(claims.getSubject().startsWith("mailto:"), claims.getSubject());
    long seconds =
        claims.toPayload().toJSONObject().get("exp") instanceof Number n ? n.longValue() : 0;
    Duration left = Duration.between(Instant.now(), Instant.ofEpochSecond(seconds));
    assertTrue(!left.isNegative() && left.toHours() < 24, left::toString);
  }

  @Test
  void aMentionArrivesButNothingOfOthersAndNothingFromBefore() {
    mention(ann, "before");
    subscribe(ann);
    mention(bob, "to bob");
    mention(ann, "hello é€😀");
    mention(ann, "x".repeat(500));
    await().until(() -> service.arrived().size() == 2);
    JsonObject message = browser.read(service.arrived().get(0).bytes());
    assertTrue(message.getString("title").endsWith(" mentioned you"));
    assertEquals("hello é€😀", message.getString("body"));
    assertTrue(message.getString("url").endsWith("/dashboard"));
    assertEquals("normal", service.arrived().get(0).header("urgency"));
    JsonObject second = browser.read(service.arrived().get(1).bytes());
    assertEquals("x".repeat(199) + "…", second.getString("body"));
    assertNotEquals(message.getString("tag"), second.getString("tag"));
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 500})
  void whatFailsIsSentAgainBeforeLaterMessages(int status) {
    subscribe(ann);
    service.next(Answer.status(status));
    mention(ann, "first");
    await().until(() -> service.arrived().size() == 1);
    mention(ann, "second"); // before the retry
    awaitTexts("first", "first", "second");
    List<String> topics =
        service.arrived().stream().map(arrival -> arrival.header("topic")).toList();
    assertEquals(topics.get(0), topics.get(1));
    assertNotEquals(topics.get(1), topics.get(2));
  }

  @Test
  void aServiceThatWasDownGetsEverythingAfterwardsInOrder() throws Exception {
    subscribe(ann);
    int port = service.port();
    service.close();
    for (String text : List.of("one", "two", "three")) {
      mention(ann, text);
    }
    // Another one's message proves that the studio has seen them.
    try (Receiver other = new Receiver()) {
      assertEquals(201, subscribe(bob, browser, other).status());
      mention(bob, "last");
      await().until(() -> texts(browser, other).equals(List.of("last")));
    }
    service = new Receiver(port);
    awaitTexts("one", "two", "three");
  }

  @Test
  void aServiceThatHangsDelaysNobodyElse() throws Exception {
    CountDownLatch hang = new CountDownLatch(1);
    try (Receiver slow = new Receiver()) {
      slow.next(Answer.nothing(hang));
      assertEquals(201, subscribe(bob, browser, slow).status());
      mention(bob, "hanging");
      await().until(() -> slow.arrived().size() == 1);
      subscribe(ann);
      long start = System.nanoTime();
      mention(ann, "one");
      awaitTexts("one");
      assertTrue(Duration.ofNanos(System.nanoTime() - start).toSeconds() < 10);
      mention(ann, "two");
      awaitTexts("one", "two");
      await().until(() -> texts(browser, slow).equals(List.of("hanging", "hanging")));
    } finally {
      hang.countDown();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 410})
  void aBrowserThatHasUnsubscribedIsForgotten(int status) {
    String id = subscribe(ann);
    service.next(Answer.status(status));
    mention(ann, "one");
    await().until(() -> !service.arrived().isEmpty());
    await().until(() -> ann.delete(SUBSCRIPTIONS + "/" + id).status() == 404);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 413})
  void aMessageThatIsRefusedIsDroppedAndTheNextOneSent(int status) {
    subscribe(ann);
    service.next(Answer.status(status));
    mention(ann, "refused");
    await().until(() -> !service.arrived().isEmpty());
    mention(ann, "next");
    awaitTexts("refused", "next");
  }

  @Test
  void redirectsAreNotFollowed() throws Exception {
    try (Receiver elsewhere = new Receiver()) {
      subscribe(ann);
      service.next(Answer.status(307, "Location", elsewhere.url()));
      mention(ann, "one");
      awaitTexts("one", "one");
      assertEquals(List.of(), elsewhere.arrived());
    }
  }

  @Test
  void theServiceDecidesHowLongToWaitForTheNextAttempt() {
    subscribe(ann);
    service.next(Answer.status(429, "Retry-After", "8"));
    long start = System.nanoTime();
    mention(ann, "one");
    awaitTexts("one", "one");
    assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() >= 8_000);
  }

  @Test
  void aBrowserBelongsToTheUserWhoSubscribedLast() {
    String id = subscribe(ann);
    Client.Reply again = subscribe(ann, browser, service);
    assertEquals(200, again.status());
    assertEquals(id, again.data().getString("subscriptionId"));
    assertEquals(201, subscribe(bob, browser, service).status());
    mention(ann, "to ann");
    mention(bob, "to bob");
    awaitTexts("to bob");
    assertEquals(404, ann.delete(SUBSCRIPTIONS + "/" + id).status());
    assertEquals(204, bob.delete(SUBSCRIPTIONS + "/" + id).status());
  }

  @Test
  void requestsAtOnceThatSubscribeOneBrowserAllSucceed() {
    List<Client> users = List.of(ann, bob, ann, bob);
    for (int i = 0; i < 5; i++) {
      String wish = browser.subscription(service.url() + "?round=" + i);
      List<Client.Reply> replies =
          users.parallelStream().map(user -> user.post(SUBSCRIPTIONS, wish)).toList();
      replies.forEach(
          reply ->
              assertTrue(List.of(200, 201).contains(reply.status()), reply.response()::toString));
      String id = replies.get(0).data().getString("subscriptionId");
      List<Integer> ends =
          Stream.of(ann, bob).map(user -> user.delete(SUBSCRIPTIONS + "/" + id).status()).toList();
      assertEquals(1, Collections.frequency(ends, 204), ends::toString);
    }
  }

  @Test
  void aSubscriptionEndsByItsIdOrItsEndpointAndWithTheUsersTokens() throws Exception {
    try (Receiver other = new Receiver()) {
      String query = "?endpoint=" + URLEncoder.encode(service.url(), StandardCharsets.UTF_8);
      subscribe(ann);
      assertEquals(404, bob.delete(SUBSCRIPTIONS + query).status());
      assertEquals(204, ann.delete(SUBSCRIPTIONS + query).status());
      assertEquals(404, ann.delete(SUBSCRIPTIONS + query).status());
      assertEquals(400, ann.delete(SUBSCRIPTIONS).status());
      subscribe(ann);
      assertEquals(204, root.delete(V1 + "/users/" + ann.user() + "/sessions").status());
      mention(ann, "to nobody");
      assertEquals(201, subscribe(bob, browser, other).status());
      mention(bob, "to bob");
      await().until(() -> texts(browser, other).equals(List.of("to bob")));
      assertEquals(List.of(), service.arrived());
    }
  }

  @Test
  void aUserHasTenBrowsersAndTheOldestIsForgotten() {
    String first = subscribe(ann);
    for (int i = 0; i < 10; i++) {
      String endpoint = service.url() + "/" + i;
      assertEquals(201, ann.post(SUBSCRIPTIONS, browser.subscription(endpoint)).status());
    }
    assertEquals(404, ann.delete(SUBSCRIPTIONS + "/" + first).status());
    mention(ann, "to ten");
    await().until(() -> service.arrived().size() == 10);
    assertFalse(service.arrived().stream().anyMatch(arrival -> arrival.path().equals("/hook")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0000',
      value = {
        "{} | endpoint",
        "{\"endpoint\":\"ftp://example.org/\",\"keys\":KEYS} | https",
        "{\"endpoint\":\"nonsense\",\"keys\":KEYS} | https",
        "{\"endpoint\":\"https://ann@example.org/\",\"keys\":KEYS} | user info",
        "{\"endpoint\":\"https://example.org/\"} | keys",
        "{\"endpoint\":\"https://example.org/\",\"keys\":{\"auth\":\"AUTH\"}} | p256dh",
        "{\"endpoint\":\"https://example.org/\",\"keys\":{\"p256dh\":\"AA\",\"auth\":\"AUTH\"}} | P-256",
        "{\"endpoint\":\"https://example.org/\",\"keys\":{\"p256dh\":\"OFF\",\"auth\":\"AUTH\"}} | P-256",
        "{\"endpoint\":\"https://example.org/\",\"keys\":{\"p256dh\":\"POINT\",\"auth\":\"AA\"}} | 16 bytes",
        "[] | format"
      })
  void whatIsNotASubscriptionIsRefused(String body, String reason) {
    String filled =
        body.replace("KEYS", "{\"p256dh\":\"POINT\",\"auth\":\"AUTH\"}")
            .replace("POINT", browser.p256dh())
            .replace("AUTH", browser.auth())
            .replace("OFF", "BA" + "A".repeat(85));
    Client.Reply reply = ann.post(SUBSCRIPTIONS, filled);
    assertEquals(400, reply.status());
    assertTrue(
        reply.json().getString("detail").contains(reason), () -> reply.json().getString("detail"));
  }
}
