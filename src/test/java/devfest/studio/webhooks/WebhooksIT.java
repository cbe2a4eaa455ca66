package devfest.studio.webhooks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.standardwebhooks.Webhook;
import devfest.studio.Client;
import devfest.studio.SharedServerTest;
import devfest.studio.webhooks.Receiver.Answer;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.format.EventFormat;
import io.cloudevents.jackson.JsonFormat;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Webhooks with receivers that accept, fail, hang, redirect and leave. */
class WebhooksIT extends SharedServerTest {

  private static final String WEBHOOKS = V1 + "/webhooks";

  private Receiver receiver;

  @BeforeEach
  void startReceiver() throws IOException {
    receiver = new Receiver();
  }

  @AfterEach
  void stopReceiver() {
    receiver.close();
  }

  /** Creates a webhook for a type of events that only this test publishes. */
  private JsonObject create(Client client, String url, String more) {
    Client.Reply reply =
        client.post(WEBHOOKS, "{\"url\":\"%s\",\"types\":[\"%s\"]%s}".formatted(url, type(), more));
    assertEquals(201, reply.status(), () -> new String(reply.bytes(), StandardCharsets.UTF_8));
    assertTrue(reply.header("Location").endsWith(reply.data().getString("webhookId")));
    return reply.data();
  }

  private String create(Client client) {
    return create(client, receiver.url(), "").getString("webhookId");
  }

  private String type() {
    return "t" + ann.user().substring(4, 40);
  }

  /** Publishes an event of a user. */
  private String publish(Client owner, String data) {
    Client.Reply reply =
        publisher.post(
            V1 + "/events",
            Json.createObjectBuilder()
                .add("event", type())
                .add("userId", owner.user())
                .add("visibility", "private")
                .add("data", data)
                .build()
                .toString());
    assertEquals(200, reply.status());
    return reply.json().getJsonArray("eventIds").getString(0);
  }

  private void awaitData(String... data) {
    List<String> expected = quoted(data);
    await().until(receiver::data, found -> found.equals(expected));
  }

  private static List<String> quoted(String... data) {
    return Arrays.stream(data).map(text -> '"' + text + '"').toList();
  }

  /** Publishes an event of ann, and waits until another webhook of hers has sent it. */
  private void publishAndAwaitAtAnother(String data) throws IOException {
    try (Receiver other = new Receiver()) {
      String id = create(ann, other.url(), "").getString("webhookId");
      publish(ann, data);
      await().until(() -> other.data().equals(quoted(data)));
      assertEquals(204, ann.delete(WEBHOOKS + "/" + id).status());
    }
  }

  private JsonObject webhook(String id) {
    return ann.get(WEBHOOKS + "/" + id).data();
  }

  private List<JsonObject> attempts(String id) {
    return ann.get(WEBHOOKS + "/" + id + "/attempts").items().getValuesAs(JsonObject.class);
  }

  @Test
  void theOwnersEventsArriveInOrderOnceAndSigned() throws Exception {
    JsonObject created = create(ann, receiver.url(), "");
    String secret = created.getString("secret");
    assertTrue(secret.startsWith("whsec_"), secret);
    publish(bob, "of bob");
    List<String> ids = IntStream.range(0, 250).mapToObj(i -> publish(ann, "e" + i)).toList();
    await().until(() -> receiver.data().size() >= ids.size());
    List<JsonObject> events =
        receiver.arrived().stream().flatMap(arrival -> arrival.events().stream()).toList();
    assertEquals(ids, events.stream().map(event -> event.getString("id")).toList());
    assertEquals(
        IntStream.range(0, 250).mapToObj(i -> "e" + i).toList(),
        events.stream().map(event -> event.getString("data")).toList());
    for (Receiver.Arrival arrival : receiver.arrived()) {
      new Webhook(secret).verify(arrival.body(), arrival.headers()); // throws
      assertTrue(arrival.events().size() <= 100);
      assertEquals("application/json", arrival.header("content-type"));
    }
    String id = created.getString("webhookId");
    await().until(() -> webhook(id).getString("position").compareTo(ids.get(249)) >= 0);
    JsonObject shown = webhook(id);
    assertEquals(JsonValue.NULL, shown.get("secret"));
    assertEquals("active", shown.getString("status"));
    assertEquals(receiver.arrived().size(), attempts(id).get(0).getInt("number"));
    assertEquals(404, bob.get(WEBHOOKS + "/" + id).status());
    assertTrue(bob.get(WEBHOOKS).items().isEmpty());
  }

  @Test
  void anAdminGetsTheEventsOfAllUsers() throws Exception {
    JsonObject created = create(root, receiver.url(), "");
    assertTrue(created.getBoolean("allUsers"));
    publish(ann, "of ann");
    publish(bob, "of bob");
    awaitData("of ann", "of bob");
    assertEquals(204, root.delete(WEBHOOKS + "/" + created.getString("webhookId")).status());
  }

  @Test
  void aBatchThatFailsIsSentAgainUnchangedBeforeLaterEvents() throws Exception {
    String id = create(ann);
    receiver.next(Answer.status(500));
    publish(ann, "first");
    await().until(() -> !attempts(id).isEmpty());
    publish(ann, "second"); // before the retry
    awaitData("first", "first", "second");
    List<Receiver.Arrival> arrived = receiver.arrived();
    assertEquals(arrived.get(0).header("webhook-id"), arrived.get(1).header("webhook-id"));
    assertEquals(arrived.get(0).body(), arrived.get(1).body());
    assertNotEquals(arrived.get(1).header("webhook-id"), arrived.get(2).header("webhook-id"));
    await().until(() -> attempts(id).size() == 3);
    JsonObject failed = attempts(id).get(2);
    assertEquals(500, failed.getInt("status"));
    assertEquals(false, failed.getBoolean("delivered"));
    assertEquals("The receiver responded with status 500.", failed.getString("error"));
  }

  @Test
  void aReceiverThatHangsDelaysNobodyElse() throws Exception {
    CountDownLatch hang = new CountDownLatch(1);
    try (Receiver slow = new Receiver()) {
      slow.next(Answer.nothing(hang));
      String hanging = create(ann, slow.url(), "").getString("webhookId");
      create(ann);
      publish(ann, "one");
      awaitData("one");
      publish(ann, "two");
      awaitData("one", "two");
      assertEquals(1, slow.arrived().size());
      await().until(() -> attempts(hanging), found -> !found.isEmpty());
      JsonObject attempt = attempts(hanging).get(0);
      assertEquals(JsonValue.NULL, attempt.get("status"));
      assertEquals("The receiver did not respond within 15 s.", attempt.getString("error"));
      assertTrue(attempt.getInt("millis") < 25_000);
      // Whatever happens to the first request, both events arrive in order.
      await().until(() -> slow.data().size() >= 3);
      assertEquals(List.of("\"one\"", "\"one\"", "\"two\""), slow.data());
    } finally {
      hang.countDown();
    }
  }

  @Test
  void receiversThatAcceptSlowlyDelayNobodyElse() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    List<Client> others =
        IntStream.range(0, 7).mapToObj(i -> Client.of(base(), "slow" + i)).toList();
    List<String> created = new ArrayList<>();
    try (Receiver slow = new Receiver()) {
      slow.always(Answer.late(end, 204));
      for (Client other : others) {
        for (int i = 0; i < 20; i++) {
          created.add(create(other, slow.url(), "").getString("webhookId"));
        }
      }
      create(ann);
      others.forEach(other -> publish(other, "slow"));
      await().until(() -> slow.arrived().size() >= 7 * 8);
      publish(ann, "one");
      awaitData("one");
      assertEquals(7 * 8, slow.arrived().size(), "a part of the webhooks of each user at a time");
      end.countDown();
      await().until(() -> slow.arrived().size() == 7 * 20);
    } finally {
      end.countDown();
      created.forEach(id -> root.delete(WEBHOOKS + "/" + id));
    }
  }

  @Test
  void aUserTestsOneWebhookAtATime() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    String id = create(ann);
    String others = create(bob);
    receiver.next(Answer.late(end, 204));
    CompletableFuture<Client.Reply> first =
        CompletableFuture.supplyAsync(() -> ann.post(WEBHOOKS + "/" + id + "/test", ""));
    await().until(() -> !receiver.arrived().isEmpty());
    Client.Reply second = ann.post(WEBHOOKS + "/" + id + "/test", "");
    assertEquals(429, second.status());
    assertEquals("one_at_a_time", second.json().getJsonObject("error").getString("code"));
    assertEquals(200, bob.post(WEBHOOKS + "/" + others + "/test", "").status());
    end.countDown();
    assertEquals(200, first.get(20, TimeUnit.SECONDS).status());
    assertEquals(200, ann.post(WEBHOOKS + "/" + id + "/test", "").status());
  }

  @Test
  void webhooksAndAttemptsAreListedInPages() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ids.add(0, create(ann));
    }
    assertEquals(ids, all(WEBHOOKS, "webhookId"));
    String attempts = WEBHOOKS + "/" + ids.get(0) + "/attempts";
    for (int i = 0; i < 3; i++) {
      assertEquals(200, ann.post(WEBHOOKS + "/" + ids.get(0) + "/test", "").status());
    }
    assertEquals(List.of("3", "2", "1"), all(attempts, "number"));
    assertEquals(400, ann.get(WEBHOOKS + "?limit=1000").status());
    assertEquals(400, ann.get(attempts + "?cursor=x").status());
  }

  /** A member of all items, by pages of two. */
  private List<String> all(String path, String member) {
    List<String> found = new ArrayList<>();
    String cursor = "";
    do {
      JsonObject page = ann.get(path + "?limit=2&cursor=" + cursor).data();
      page.getJsonArray("items").forEach(item -> found.add(text(item.asJsonObject().get(member))));
      cursor = page.isNull("next") ? null : page.getString("next");
    } while (cursor != null);
    return found;
  }

  private static String text(JsonValue value) {
    return value instanceof JsonString string ? string.getString() : value.toString();
  }

  @Test
  void goneDisablesAtOnceAndTheOwnerIsToldAndCanResumeWhereItWas() throws Exception {
    String id = create(ann);
    receiver.next(Answer.status(410));
    publish(ann, "one");
    await().until(() -> webhook(id).getString("status").equals("disabled"));
    assertTrue(webhook(id).getString("reason").contains("410"));
    JsonObject note = ann.get(V1 + "/notifications").items().getValuesAs(JsonObject.class).get(0);
    assertEquals("webhook.disabled", note.getString("type"));
    assertTrue(note.getString("text").startsWith("Your webhook to 127.0.0.1 was disabled. "));
    publish(ann, "two");
    assertEquals(200, ann.patch(WEBHOOKS + "/" + id, "{\"status\":\"active\"}").status());
    awaitData("one", "one", "two");
    assertEquals("active", webhook(id).getString("status"));
  }

  @Test
  void aPausedWebhookSendsNothingAndResumesWithWhatItMissed() throws Exception {
    String id = create(ann);
    publish(ann, "before");
    awaitData("before");
    assertEquals(200, ann.patch(WEBHOOKS + "/" + id, "{\"status\":\"paused\"}").status());
    publishAndAwaitAtAnother("while paused");
    awaitData("before");
    assertEquals(200, ann.patch(WEBHOOKS + "/" + id, "{\"status\":\"active\"}").status());
    awaitData("before", "while paused");
  }

  @Test
  void redirectsAreNotFollowed() throws Exception {
    try (Receiver elsewhere = new Receiver()) {
      String id = create(ann);
      receiver.next(Answer.status(307, "Location", elsewhere.url()));
      publish(ann, "one");
      await().until(() -> !attempts(id).isEmpty());
      assertEquals(307, attempts(id).get(0).getInt("status"));
      awaitData("one", "one");
      assertEquals(List.of(), elsewhere.arrived());
    }
  }

  @Test
  void theReceiverDecidesHowLongToWaitForTheNextAttempt() throws Exception {
    create(ann);
    receiver.next(Answer.status(429, "Retry-After", "8"));
    long start = System.nanoTime();
    publish(ann, "one");
    awaitData("one", "one");
    assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() >= 8_000);
  }

  @Test
  void aTestIsSentAtOnceAndItsAttemptReturned() throws Exception {
    JsonObject created = create(ann, receiver.url(), "");
    String id = created.getString("webhookId");
    Client.Reply reply = ann.post(WEBHOOKS + "/" + id + "/test", "");
    assertEquals(200, reply.status());
    assertTrue(reply.data().getBoolean("delivered"));
    assertEquals(204, reply.data().getInt("status"));
    Receiver.Arrival arrival = receiver.arrived().get(0);
    new Webhook(created.getString("secret")).verify(arrival.body(), arrival.headers());
    assertEquals("webhook.test", arrival.events().get(0).getString("event"));
    receiver.next(Answer.status(404));
    assertEquals(404, ann.post(WEBHOOKS + "/" + id + "/test", "").data().getInt("status"));
    assertEquals("active", webhook(id).getString("status"));
    assertEquals(2, attempts(id).size());
  }

  @Test
  void cloudEventsHaveTheAttributesOfTheirSpecification() throws Exception {
    create(ann, receiver.url(), ",\"format\":\"cloudevents\"");
    String position = publish(ann, "hello");
    await().until(() -> !receiver.arrived().isEmpty());
    Receiver.Arrival arrival = receiver.arrived().get(0);
    assertEquals("application/cloudevents-batch+json", arrival.header("content-type"));
    try (JsonReader reader = Json.createReader(new StringReader(arrival.body()))) {
      JsonObject json = reader.readArray().getJsonObject(0);
      EventFormat format = new JsonFormat();
      CloudEvent event = format.deserialize(json.toString().getBytes(StandardCharsets.UTF_8));
      assertEquals(position, event.getId());
      assertEquals(type(), event.getType());
      assertEquals("events", event.getExtension("channel"));
      assertEquals("application/json", event.getDataContentType());
      assertEquals(
          "\"hello\"",
          new String(Objects.requireNonNull(event.getData()).toBytes(), StandardCharsets.UTF_8));
      assertTrue(event.getTime() != null);
    }
  }

  @Test
  void aDeletedWebhookSendsNothing() throws Exception {
    String id = create(ann);
    publish(ann, "one");
    awaitData("one");
    assertEquals(204, ann.delete(WEBHOOKS + "/" + id).status());
    publishAndAwaitAtAnother("two");
    awaitData("one");
    assertEquals(404, ann.get(WEBHOOKS + "/" + id + "/attempts").status());
  }

  @Test
  void aChangedWebhookContinuesAtItsNewUrl() throws Exception {
    try (Receiver other = new Receiver()) {
      String id = create(ann);
      receiver.next(Answer.status(500));
      publish(ann, "one");
      await().until(() -> !attempts(id).isEmpty());
      String body = "{\"url\":\"" + other.url() + "\"}";
      assertEquals(other.url(), ann.patch(WEBHOOKS + "/" + id, body).data().getString("url"));
      await().until(() -> other.data().equals(List.of("\"one\"")));
      assertEquals(1, receiver.arrived().size());
    }
  }

  @Test
  void aChangeLeavesOutWhatItDoesNotName() {
    String id = create(ann);
    ann.patch(WEBHOOKS + "/" + id, "{\"channels\":[\"events\"],\"format\":\"cloudevents\"}");
    JsonObject changed = ann.patch(WEBHOOKS + "/" + id, "{\"types\":[\"a.*\"]}").data();
    assertEquals(receiver.url(), changed.getString("url"));
    assertEquals("[\"a.*\"]", changed.getJsonArray("types").toString());
    assertEquals("[\"events\"]", changed.getJsonArray("channels").toString());
    assertEquals("cloudevents", changed.getString("format"));
    assertEquals(400, ann.patch(WEBHOOKS + "/" + id, "{}").status());
  }

  @Test
  void whoIsNoLongerAnAdminCannotRedirectTheEventsOfAllUsers() {
    String id = create(root);
    Client former = Client.of(base(), root.user());
    String body = "{\"url\":\"" + receiver.url() + "/elsewhere\"}";
    assertEquals(403, former.patch(WEBHOOKS + "/" + id, body).status());
    assertEquals(204, former.delete(WEBHOOKS + "/" + id).status());
  }

  @Test
  void aUserHasABoundedNumberOfWebhooks() {
    for (int i = 0; i < 20; i++) {
      create(ann);
    }
    Client.Reply refused = ann.post(WEBHOOKS, "{\"url\":\"" + receiver.url() + "\"}");
    assertEquals(409, refused.status());
    assertEquals("too_many_webhooks", refused.json().getJsonObject("error").getString("code"));
    assertEquals(20, ann.get(WEBHOOKS).items().size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0000',
      value = {
        "{} | url is required",
        "{\"url\":\"ftp://example.org/\"} | http or https",
        "{\"url\":\"nonsense\"} | http or https",
        "{\"url\":\"http://user:word@example.org/\"} | without user info",
        "{\"url\":\"http://example.org/\",\"types\":[\"a b\"]} | types must be",
        "{\"url\":\"http://example.org/\",\"types\":[null]} | none of them null",
        "{\"url\":\"http://example.org/\",\"channels\":[\"1\"]} | channels must be",
        "{\"url\":\"http://example.org/\",\"format\":\"xml\"} | format must be",
        "{\"url\":\"http://example.org/\",\"status\":\"paused\"} | status cannot be set"
      })
  void badInputIsRefusedWithAReason(String body, String reason) {
    Client.Reply reply = ann.post(WEBHOOKS, body);
    assertEquals(400, reply.status());
    String text = new String(reply.bytes(), StandardCharsets.UTF_8);
    assertTrue(text.contains(reason), text);
  }

  @Test
  void withoutTelemetryNoTraceIsKept() {
    String ignored = create(ann);
    assertEquals(
        200,
        publisher
            .send(
                publisher
                    .request(V1 + "/events")
                    .header("Content-Type", "application/json")
                    .header(
                        "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
                    .POST(
                        HttpRequest.BodyPublishers.ofString(
                            "{\"event\":\"%s\",\"data\":\"x\",\"userId\":\"%s\"}"
                                .formatted(type(), ann.user()))))
            .status());
    awaitData("x");
    Receiver.Arrival arrival = receiver.arrived().get(0);
    assertFalse(arrival.headers().containsKey("Traceparent"));
    assertFalse(arrival.body().contains("traceparent"), arrival.body());
  }
}
