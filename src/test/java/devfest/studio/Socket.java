package devfest.studio;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.fail;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Reads text messages from a WebSocket. */
public final class Socket implements WebSocket.Listener, AutoCloseable {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration WAIT = Duration.ofSeconds(20);

  private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
  private final StringBuilder part = new StringBuilder();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final URI uri;
  private WebSocket socket;

  /** A message that violates the AsyncAPI document; null if none does. */
  private volatile AssertionError fault;

  private Socket(URI uri) {
    this.uri = uri;
  }

  /**
   * @param headers names and values
   */
  public static Socket open(URI http, String... headers) {
    Socket reader = new Socket(http);
    WebSocket.Builder builder = HTTP.newWebSocketBuilder().connectTimeout(WAIT);
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    URI uri = URI.create(http.toString().replaceFirst("^http", "ws"));
    reader.socket = builder.buildAsync(uri, reader).join();
    return reader;
  }

  /** The status of a handshake that is refused. */
  public static int refusal(URI http, String... headers) {
    return refused(http, headers).statusCode();
  }

  /** The answer to a handshake that is refused. */
  public static HttpResponse<?> refused(URI http, String... headers) {
    try (Socket open = open(http, headers)) {
      return fail("it was opened: " + open.next());
    } catch (CompletionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        return refused.getResponse();
      }
      throw e;
    }
  }

  public void say(String text) {
    socket.sendText(text, true).join();
  }

  /** Sends a fragment of a message that goes on. */
  public void sayPart(String text) {
    socket.sendText(text, false).join();
  }

  public void sayBytes(byte[] bytes) {
    socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
  }

  /** Discards messages until none has arrived for half a second. */
  public void settle() {
    try {
      while (messages.poll(500, TimeUnit.MILLISECONDS) != null) {}
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The next message. */
  public String next() {
    try {
      String message = messages.poll(WAIT.toNanos(), TimeUnit.NANOSECONDS);
      assertNotNull(message, "no message came");
      return message;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The number of unread messages. */
  public int waiting() {
    return messages.size();
  }

  /** The code with which the server closes. */
  public int closed() {
    return closed.orTimeout(WAIT.toSeconds(), TimeUnit.SECONDS).join();
  }

  @Override
  public CompletionStage<?> onText(WebSocket of, CharSequence data, boolean last) {
    part.append(data);
    if (last) {
      check(part.toString());
      messages.add(part.toString());
      part.setLength(0);
    }
    of.request(1);
    return null;
  }

  private void check(String message) {
    try {
      Documents.checkMessage(uri, message);
    } catch (AssertionError e) {
      fault = e;
    }
  }

  @Override
  public CompletionStage<?> onClose(WebSocket of, int code, String reason) {
    closed.complete(code);
    return null;
  }

  @Override
  public void onError(WebSocket of, Throwable fault) {
    closed.completeExceptionally(fault);
  }

  @Override
  public void close() {
    if (socket != null) {
      socket.abort();
    }
    if (fault != null) {
      throw new AssertionError(fault.getMessage(), fault);
    }
  }
}
