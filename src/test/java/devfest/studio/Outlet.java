package devfest.studio;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** An endpoint to which the studio publishes posts. */
public final class Outlet implements AutoCloseable {

  /**
   * A request to publish a post.
   *
   * @param post its id
   */
  public record Arrival(String post, String signature, String body) {}

  private final HttpServer server;
  private final Queue<Arrival> arrived = new ConcurrentLinkedQueue<>();
  private final Queue<Integer> answers = new ConcurrentLinkedQueue<>();

  public Outlet() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.createContext("/", this::take);
    server.start();
  }

  private void take(HttpExchange exchange) throws IOException {
    arrived.add(
        new Arrival(
            exchange.getRequestHeaders().getFirst("Idempotency-Key"),
            exchange.getRequestHeaders().getFirst("X-Studio-Signature-256"),
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
    Integer answer = answers.poll();
    exchange.sendResponseHeaders(answer == null ? 204 : answer, -1);
    exchange.close();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/posts";
  }

  /** The requests so far, oldest first. */
  public Queue<Arrival> arrived() {
    return arrived;
  }

  /** The statuses of the next answers; 204 when there is none. */
  public Queue<Integer> answers() {
    return answers;
  }

  public void reset() {
    arrived.clear();
    answers.clear();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
