package devfest.studio.feeds.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.Exposition;
import devfest.studio.SharedServerTest;
import devfest.studio.Socket;
import devfest.studio.SseReader;
import devfest.studio.TestImages;
import jakarta.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The metrics of the node: their feed, the scrape, and the reports of clients. */
class MetricsIT extends SharedServerTest {

  @Test
  void adminsGetTheMetricsOfTheNodeEverySecond() throws Exception {
    assertEquals(403, ann.follow(V1 + "/metrics/stream").status());
    assertEquals(401, nobody.follow(V1 + "/metrics/stream").status());
    try (SseReader reader = root.follow("/metrics-stream")) {
      long begun = System.nanoTime();
      JsonObject first = json(reader.next("metrics"));
      for (int i = 0; i < 3; i++) {
        reader.next("metrics");
      }
      double seconds = (System.nanoTime() - begun) / 1e9;
      assertTrue(seconds > 2 && seconds < 6, () -> "three in " + seconds + " s");
      assertEquals(
          Set.of(
              "timestamp",
              "cpu_usage",
              "cpu",
              "memory",
              "threads",
              "goroutines",
              "connections",
              "events_per_second"),
          first.keySet());
      assertEquals(Set.of("alloc", "total_alloc", "sys"), first.getJsonObject("memory").keySet());
      assertTrue(Math.abs(first.getInt("timestamp") - Instant.now().getEpochSecond()) < 60);
      assertTrue(first.getInt("connections") >= 1);
      assertTrue(first.getJsonObject("memory").getJsonNumber("alloc").longValue() > 1_000_000);
      assertTrue(
          first.getJsonObject("memory").getJsonNumber("total_alloc").longValue() > 1_000_000);
      assertEquals(first.getInt("threads"), first.getInt("goroutines"));
    }
  }

  @Test
  void theEventRateIsThatOfTheLastSecond() throws Exception {
    try (SseReader before = root.follow(V1 + "/metrics/stream")) {
      before.next("metrics");
      before.next("metrics");
      before.cut();
    }
    // The next stream must not share its seconds with the remains of this one.
    await()
        .pollInterval(Duration.ofMillis(10))
        .until(() -> metric("studio_connections{transport=\"stream\"}") == 0);
    try (SseReader reader = root.follow(V1 + "/metrics/stream")) {
      reader.next("metrics");
      StringBuilder many = new StringBuilder("[");
      for (int i = 0; i < 200; i++) {
        many.append("{\"event\":\"rate.test\",\"data\":1},");
      }
      many.setCharAt(many.length() - 1, ']');
      double rate = 0;
      // The first measured second may have begun before this client joined.
      for (int i = 0; i < 10 && rate <= 50; i++) {
        assertEquals(200, publisher.post(V1 + "/events", many.toString()).status());
        rate = number(json(reader.next("metrics")), "events_per_second");
      }
      assertTrue(rate > 50);
      reader.next(
          frame ->
              "metrics".equals(frame.event()) && number(json(frame), "events_per_second") < 50);
    }
  }

  @Test
  void aScraperGetsTheMetricsInThePrometheusFormat() throws Exception {
    assertEquals(403, ann.get(V1 + "/metrics").status());
    assertEquals(401, nobody.get(V1 + "/metrics").status());
    Client.Reply reply = root.get(V1 + "/metrics");
    assertTrue(reply.header("Content-Type").startsWith("text/plain"), reply.header("Content-Type"));
    double before = metric("studio_deliveries_total");
    double jobs = metric("studio_job_working_seconds_count");
    try (SseReader reader = ann.stream("");
        Socket socket =
            Socket.open(ann.uri(V1 + "/timer/ws"), "Authorization", "Bearer " + ann.token())) {
      reader.next();
      socket.next();
      assertTrue(metric("studio_connections{transport=\"stream\"}") >= 1);
      assertTrue(metric("studio_connections{transport=\"websocket\"}") >= 1);
      ann.transform(ann.photo(TestImages.jpeg(300, 200), "private"), "vintage");
      reader.next("transformation.completed");
    }
    await().until(() -> metric("studio_job_working_seconds_count") > jobs);
    assertTrue(metric("studio_deliveries_total") >= before + 3);
    assertTrue(metric("studio_event_latency_seconds_count") > 0);
    assertTrue(metric("studio_event_latency_seconds_bucket{le=\"+Inf\"}") > 0);
    await().until(() -> metric("studio_jobs{status=\"queued\"}") == 0);
    await().until(() -> metric("studio_log_lag") == 0);
    assertTrue(metric("process_cpu_usage") >= 0);
    assertTrue(metric("jvm_threads_live_threads") > 0);
    assertTrue(metric("process_cpu_seconds_total") > 0);
    assertTrue(metric("system_cpus") >= 1);
    String text = new String(root.get(V1 + "/metrics").bytes(), UTF_8);
    assertEquals(List.of(), Exposition.faults(text));
  }

  /** A misspelt name is no error anywhere: the panel stays empty, and the alert silent. */
  @Test
  void theDashboardAndTheAlertsNameMetricsThatExist() throws Exception {
    Map<String, List<String>> samples =
        new String(root.get(V1 + "/metrics").bytes(), UTF_8)
            .lines()
            .filter(line -> !line.startsWith("#"))
            .collect(Collectors.groupingBy(line -> line.split("[{ ]", 2)[0]));
    Pattern selector = Pattern.compile("\\b((?:studio|jvm|process|system)_\\w+)(\\{[^}]*\\})?");
    Pattern label = Pattern.compile("\\w+=\"[^\"$]*\"");
    int found = 0;
    for (String file : List.of("alerts.yml", "dashboard.json")) {
      String text =
          Files.readString(Path.of("operations", file)).replace("\\\"", "\""); // JSON's quotes
      for (Matcher m = selector.matcher(text); m.find(); found++) {
        List<String> series = samples.getOrDefault(m.group(1), List.of());
        assertFalse(series.isEmpty(), file + " names " + m.group());
        for (Matcher of = label.matcher(m.group(2) == null ? "" : m.group(2)); of.find(); ) {
          String wanted = of.group();
          assertTrue(series.stream().anyMatch(line -> line.contains(wanted)), m::group);
        }
      }
    }
    assertTrue(found > 30, found + " names");
  }

  @Test
  void clientsReportTheirConnections() {
    String path = V1 + "/metrics/clients";
    String name = "studio_client_connections_total{outcome=\"failed\",transport=\"websocket\"}";
    assertEquals(
        204,
        ann.post(
                path,
                "{\"transport\":\"websocket\",\"failed\":2,\"reconnections\":1,\"latencies\":[5,70]}")
            .status());
    double before = metric(name);
    ann.post(path, "{\"transport\":\"websocket\",\"failed\":2}");
    assertEquals(before + 2, metric(name));
    for (String wrong :
        List.of(
            "",
            "{}",
            "{\"transport\":\"pigeon\"}",
            "{\"transport\":\"stream\",\"failed\":-1}",
            "{\"transport\":\"stream\",\"failed\":1000000}",
            "{\"transport\":\"stream\",\"latencies\":[-1]}")) {
      assertEquals(400, ann.post(path, wrong).status(), wrong);
    }
    int refused = 0;
    for (int i = 0; i < 70; i++) {
      refused += bob.post(path, "{\"transport\":\"stream\"}").status() == 429 ? 1 : 0;
    }
    assertTrue(refused > 0);
  }
}
