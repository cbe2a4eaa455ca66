package devfest.studio.outgoing;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A response whose body arrives as it is read. Reading throws {@link OutgoingException} at the
 * deadline and when the body exceeds the maximum size or ends too early. Closing it closes the
 * connection and ends a read, also from another thread; an interrupt ends a read only when the next
 * bytes arrive. Otherwise for use by one thread.
 */
public final class Response implements Closeable {

  private final int status;
  private final Map<String, List<String>> headers;
  private final InputStream body;
  private final Runnable end;

  /**
   * @param headers names are in lower case
   * @param end closes the connection
   */
  Response(int status, Map<String, List<String>> headers, InputStream body, Runnable end) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.end = end;
  }

  public int status() {
    return status;
  }

  /** Returns the headers; the names are in lower case. */
  public Map<String, List<String>> headers() {
    return headers;
  }

  /** Returns the first value of a header. */
  public Optional<String> header(String lowerCaseName) {
    return headers.getOrDefault(lowerCaseName, List.of()).stream().findFirst();
  }

  public InputStream body() {
    return body;
  }

  /** Returns this response with its whole body in memory. */
  Response whole() throws IOException {
    byte[] bytes = body.readAllBytes();
    close();
    return new Response(status, headers, new ByteArrayInputStream(bytes), () -> {});
  }

  /** Reads the whole body. */
  public byte[] readBody() throws IOException {
    return body.readAllBytes();
  }

  @Override
  public void close() {
    end.run();
  }
}
