package devfest.studio.tracing;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.Server;
import devfest.studio.TestImages;
import devfest.studio.webhooks.Receiver;
import io.opentelemetry.proto.trace.v1.Span;
import jakarta.json.JsonObject;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traces through a server whose MicroProfile Telemetry is on. */
class TracingIT {

  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String CALLER = "00f067aa0ba902b7";

  @TempDir static Path dir;
  private static Collector collector;
  private static Receiver receiver;
  private static Server server;
  private static Client root;

  @BeforeAll
  static void start() throws Exception {
    collector = new Collector();
    receiver = new Receiver();
    Server.Launch traced =
        Server.Launch.at(Server.freePort())
            .with("tracing.cli")
            .environment(
                Map.of(
                    "OTEL_SDK_DISABLED", "false",
                    "OTEL_SERVICE_NAME", "studio",
                    "OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf",
                    "OTEL_EXPORTER_OTLP_ENDPOINT", collector.url(),
                    "OTEL_METRICS_EXPORTER", "none",
                    "OTEL_LOGS_EXPORTER", "none",
                    "OTEL_BSP_SCHEDULE_DELAY", "100"));
    server =
        Server.start(traced, dir, "studio.dev-mode=true", "studio.webhooks.allow-private=true");
    root = Client.of(server.base(), "root", "admin", "publisher");
    Client.Reply webhook =
        root.post(
            "/api/v1/webhooks",
            "{\"url\":\"%s\",\"types\":[\"talk.started\",\"transformation.completed\"]}"
                .formatted(receiver.url()));
    assertEquals(201, webhook.status());
  }

  @AfterAll
  static void stop() {
    server.close();
    receiver.close();
    collector.close();
  }

  private static Receiver.Arrival arrived(String type) {
    await().until(() -> !of(type).isEmpty());
    return of(type).get(0);
  }

  private static List<Receiver.Arrival> of(String type) {
    return receiver.arrived().stream()
        .filter(arrival -> event(arrival).getString("event").equals(type))
        .toList();
  }

  private static JsonObject event(Receiver.Arrival arrival) {
    return arrival.events().get(0);
  }

  private static Client.Reply post(String path, String body, String traceparent) {
    return root.send(
        root.request(path)
            .header("Content-Type", "application/json")
            .header("traceparent", traceparent)
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private static void awaitSteps(String trace, String... names) {
    await()
        .untilAsserted(
            () ->
                assertTrue(
                    collector.steps(trace).containsAll(Set.of(names)),
                    () -> collector.steps(trace).toString()));
  }

  @Test
  void aPublishersTraceLeadsThroughTheLogToStreamsAndWebhooks() {
    String cause = "00-" + TRACE + '-' + CALLER + "-01";
    Client.Reply published =
        post(
            "/api/v1/events", "{\"event\":\"talk.started\",\"data\":1,\"userId\":\"root\"}", cause);
    assertEquals(200, published.status());
    Receiver.Arrival arrival = arrived("talk.started");
    String sent = arrival.header("traceparent");
    assertEquals(TRACE, sent.substring(3, 35));
    assertNotEquals(CALLER, sent.substring(36, 52), "a step of its own");
    String kept = event(arrival).getString("traceparent");
    assertEquals(TRACE, kept.substring(3, 35));
    awaitSteps(TRACE, "append events", "deliver events", "send events");
    Span request =
        collector.of(TRACE).stream()
            .filter(span -> span.getKind() == Span.SpanKind.SPAN_KIND_SERVER)
            .findFirst()
            .orElseThrow();
    assertEquals(CALLER, id(request.getParentSpanId().toByteArray()));
    String requestId = id(request.getSpanId().toByteArray());
    assertEquals(requestId, parent("append events"));
    assertEquals(kept.substring(36, 52), parent("deliver events"));
    assertEquals(kept.substring(36, 52), parent("send events"));
    Span sending = collector.step(TRACE, "send events");
    assertEquals(id(sending.getSpanId().toByteArray()), sent.substring(36, 52));
  }

  private static String parent(String name) {
    return id(collector.step(TRACE, name).getParentSpanId().toByteArray());
  }

  private static String id(byte[] bytes) {
    return Collector.hex(bytes);
  }

  @Test
  void aJobContinuesTheTraceOfTheRequestThatAddedIt() {
    String photo = root.photo(TestImages.jpeg(64, 48), "private");
    String trace = "0af7651916cd43dd8448eb211c80319c";
    Client.Reply added =
        post(
            "/api/v1/transformations",
            "{\"photoId\":\"%s\",\"styleId\":\"noir\"}".formatted(photo),
            "00-" + trace + "-b7ad6b7169203331-01");
    assertEquals(202, added.status());
    assertEquals(trace, arrived("transformation.completed").header("traceparent").substring(3, 35));
    awaitSteps(trace, "process Transformation", "append events", "send events");
  }

  @Test
  void aRequestThatItsCallerDoesNotSampleIsNotExported() {
    String trace = "ffffffffffffffffffffffffffffff01";
    assertEquals(
        200,
        post(
                "/api/v1/events",
                "{\"event\":\"not.sampled\",\"data\":1}",
                "00-" + trace + "-b7ad6b7169203331-00")
            .status());
    int before = collector.size();
    assertEquals(200, root.get("/api/v1/styles").status());
    await().until(() -> collector.size() > before);
    assertEquals(List.of(), collector.steps(trace));
  }
}
