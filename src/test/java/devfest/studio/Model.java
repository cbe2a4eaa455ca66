package devfest.studio;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An endpoint that speaks OpenAI's chat protocol over real HTTP; the prompt says how it behaves.
 */
public final class Model implements AutoCloseable {

  private static final String END =
      "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\","
          + "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";

  private final HttpServer server;

  /** Requests so far. */
  public final AtomicInteger asked = new AtomicInteger();

  /** Megabytes sent in floods. */
  public final AtomicInteger flooded = new AtomicInteger();

  /** Answers in progress. */
  public final AtomicInteger answering = new AtomicInteger();

  public Model() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.setExecutor(
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "model");
              thread.setDaemon(true);
              return thread;
            }));
    server.createContext("/v1/chat/completions", this::answer);
    server.start();
  }

  public String baseUrl() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.incrementAndGet();
    String prompt = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (prompt.contains("refuse")) {
      exchange.sendResponseHeaders(500, -1);
      exchange.close();
      return;
    }
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    boolean endless = prompt.matches("(?s).*(endless|stall|mute).*");
    boolean breaks = prompt.contains("break");
    exchange.sendResponseHeaders(200, breaks ? 100_000 : 0); // more than is sent
    answering.incrementAndGet();
    try (OutputStream out = exchange.getResponseBody()) {
      out.flush(); // the headers
      if (prompt.contains("mute")) {
        TimeUnit.SECONDS.sleep(6);
      }
      if (prompt.contains("one line")) {
        out.write(
            "data: {\"choices\":[{\"delta\":{\"content\":\"".getBytes(StandardCharsets.UTF_8));
        flood(out, "x");
      }
      if (prompt.contains("never stop")) {
        flood(out, ": nothing to say\n\n");
      }
      for (String token : new String[] {" Hello", ",\n\n", "  wor", "ld", "\n", "!"}) {
        say(out, token);
      }
      if (prompt.contains("stall")) {
        TimeUnit.SECONDS.sleep(6); // twice the timeout
      }
      if (breaks) {
        return;
      }
      while (endless) {
        say(out, " on");
        TimeUnit.MILLISECONDS.sleep(20);
      }
      if (prompt.contains("unfinished")) {
        return;
      }
      if (!prompt.contains("reasonless")) {
        String end = prompt.contains("odd") ? END.replace("stop", "eos_token") : END;
        out.write(end.getBytes(StandardCharsets.UTF_8));
      }
      out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      answering.decrementAndGet();
    }
  }

  /** Sends more than any client may read, up to 300 MB. */
  private void flood(OutputStream out, String text) throws IOException {
    byte[] bytes = text.repeat(1_000_000 / text.length()).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 300; i++) {
      out.write(bytes);
      flooded.incrementAndGet();
    }
  }

  private static void say(OutputStream out, String token) throws IOException {
    JsonObject chunk =
        Json.createObjectBuilder()
            .add("id", "1")
            .add("object", "chat.completion.chunk")
            .add(
                "choices",
                Json.createArrayBuilder()
                    .add(
                        Json.createObjectBuilder()
                            .add("index", 0)
                            .add("delta", Json.createObjectBuilder().add("content", token))))
            .build();
    out.write(("data: " + chunk + "\n\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
