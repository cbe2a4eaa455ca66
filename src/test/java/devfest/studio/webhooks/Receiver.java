package devfest.studio.webhooks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import devfest.studio.TestJson;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A server that receives webhooks, each on a path of its own, and responds as a test wants. */
public final class Receiver implements AutoCloseable {

  /** A request that has arrived. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares requests
  public record Arrival(String path, Map<String, List<String>> headers, byte[] bytes) {

    public String body() {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    public String header(String name) {
      return headers.get(name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1)).get(0);
    }

    /** The envelopes of the events, in the standard format. */
    public List<JsonObject> events() {
      return TestJson.json(body()).getJsonArray("events").getValuesAs(JsonObject.class);
    }
  }

  /** Responds to a request. */
  @FunctionalInterface
  public interface Answer {
    void to(HttpExchange exchange) throws IOException;

    /** No response before the studio's deadline. */
    static Answer nothing(CountDownLatch end) {
      return exchange -> await(end, Duration.ofMinutes(1));
    }

    /** A status when the test wants it, or just before the studio's deadline. */
    static Answer late(CountDownLatch end, int status) {
      return exchange -> {
        await(end, Duration.ofSeconds(14));
        status(status).to(exchange);
      };
    }

    private static void await(CountDownLatch end, Duration atMost) {
      try {
        boolean ignored = end.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    static Answer status(int status, String... headers) {
      return exchange -> {
        for (int i = 0; i < headers.length; i += 2) {
          exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
        }
        exchange.sendResponseHeaders(status, -1);
      };
    }
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Arrival> arrived = new CopyOnWriteArrayList<>();

  /** The next responses. */
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();

  private volatile Answer otherwise = Answer.status(204);

  public Receiver() throws IOException {
    this(0);
  }

  public Receiver(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
    server.setExecutor(threads);
    server.createContext("/", this::take);
    server.start();
  }

  private void take(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    arrived.add(
        new Arrival(
            exchange.getRequestURI().getPath(), Map.copyOf(exchange.getRequestHeaders()), body));
    Answer answer = answers.poll();
    (answer == null ? otherwise : answer).to(exchange);
    exchange.close();
  }

  public String url() {
    return "http://127.0.0.1:" + port() + "/hook";
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public void next(Answer answer) {
    answers.add(answer);
  }

  /** The response when no other one is next. */
  public void always(Answer answer) {
    otherwise = answer;
  }

  /** The requests so far, oldest first. */
  public List<Arrival> arrived() {
    return arrived;
  }

  /** The data of all events so far. */
  public List<String> data() {
    return arrived.stream()
        .flatMap(arrival -> arrival.events().stream())
        .map(event -> event.get("data").toString())
        .toList();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
