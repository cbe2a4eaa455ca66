package devfest.studio;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Reads an event stream from a plain socket, byte by byte as the server sent it. */
public final class SseReader implements Closeable {

  /** One frame; {@code comment} holds its comment lines. Absent fields are null. */
  public record Frame(String id, String event, String data, String comment, String retry) {}

  private static final Frame END = new Frame(null, null, null, "the stream ended cleanly", null);

  private static final Frame CUT = new Frame(null, null, null, "the connection is gone", null);

  private static final Duration WAIT = Duration.ofSeconds(40);

  private final Socket socket;
  private final URI uri;
  private final InputStream in;
  private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
  private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final int status;

  /** The first frame that violates the AsyncAPI document; null if none does. */
  private volatile AssertionError fault;

  private SseReader(Socket socket, URI uri) throws IOException {
    this.socket = socket;
    this.uri = uri;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.status = Integer.parseInt(line().split(" ")[1]);
    for (String header = line(); !header.isEmpty(); header = line()) {
      int colon = header.indexOf(':');
      headers.put(header.substring(0, colon), header.substring(colon + 1).strip());
    }
  }

  /** Sends a GET with these header lines, and reads the head of the answer and then its frames. */
  public static SseReader open(URI uri, String... headerLines) throws IOException {
    SseReader reader = ask(new Socket(uri.getHost(), uri.getPort()), uri, headerLines);
    if (reader.status == 200) {
      reader.wake();
    }
    return reader;
  }

  /** The same, but reads nothing of the stream until {@link #wake}, and has a small window. */
  public static SseReader stalled(URI uri, String... headerLines) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4_096);
    socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()));
    return ask(socket, uri, headerLines);
  }

  private static SseReader ask(Socket socket, URI uri, String... headerLines) throws IOException {
    socket.setSoTimeout(60_000);
    StringBuilder request =
        new StringBuilder("GET " + uri.getRawPath())
            .append(uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery())
            .append(" HTTP/1.1\r\nHost: " + uri.getHost() + ":" + uri.getPort() + "\r\n");
    for (String header : headerLines) {
      request.append(header).append("\r\n");
    }
    socket
        .getOutputStream()
        .write(request.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    return new SseReader(socket, uri);
  }

  /** The port of this end. */
  public int port() {
    return socket.getLocalPort();
  }

  /** Begins to read. */
  public void wake() {
    Thread thread = new Thread(this::read, "sse-reader");
    thread.setDaemon(true);
    thread.start();
  }

  public int status() {
    return status;
  }

  public Map<String, String> headers() {
    return headers;
  }

  /** The next frame that has data. */
  public Frame next() throws InterruptedException {
    return next(frame -> frame.data() != null);
  }

  /** The next frame of this event; skips others. */
  public Frame next(String event) throws InterruptedException {
    return next(frame -> event.equals(frame.event()));
  }

  public Frame next(Predicate<Frame> wanted) throws InterruptedException {
    List<Frame> passed = new ArrayList<>();
    long deadline = System.nanoTime() + WAIT.toNanos();
    while (true) {
      Frame frame = frames.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (frame == null) {
        return fail("it did not come within " + WAIT + ", after " + passed);
      }
      failOnFault();
      if (wanted.test(frame)) {
        return frame;
      }
      if (END.equals(frame) || CUT.equals(frame)) {
        return fail(frame.comment() + ", after " + passed);
      }
      passed.add(frame);
    }
  }

  /** The frames that arrive within the time, without comments. */
  public List<Frame> during(Duration time) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
    List<Frame> all = new ArrayList<>();
    frames.drainTo(all);
    failOnFault();
    return all.stream().filter(frame -> frame.data() != null).toList();
  }

  /** Waits until the server has ended the response correctly. */
  public void awaitCleanEnd() throws InterruptedException {
    next(END::equals);
  }

  /** Waits until the connection has ended, whatever was received before. */
  public void awaitCut() throws InterruptedException {
    next(frame -> CUT.equals(frame) || END.equals(frame));
  }

  private void read() {
    try {
      StringBuilder text = new StringBuilder();
      for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
        text.append(new String(chunk, StandardCharsets.ISO_8859_1));
        for (int end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
          String raw = text.substring(0, end);
          text.delete(0, end + 2);
          Frame frame =
              parse(new String(raw.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
          check(frame);
          frames.add(frame);
        }
      }
      frames.add(END);
    } catch (SocketException | EOFException e) {
      frames.add(CUT); // by the test itself, or by the server
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void check(Frame frame) {
    try {
      if (frame.data() != null) {
        Documents.check(uri, frame.event(), frame.data());
      }
    } catch (AssertionError e) {
      fault = fault == null ? e : fault;
    }
  }

  private void failOnFault() {
    if (fault != null) {
      throw new AssertionError(fault.getMessage(), fault);
    }
  }

  private static Frame parse(String raw) {
    String id = null;
    String event = null;
    String retry = null;
    List<String> data = new ArrayList<>();
    List<String> comments = new ArrayList<>();
    for (String line : raw.split("\n", -1)) {
      String value = line.contains(": ") ? line.substring(line.indexOf(": ") + 2) : "";
      switch (line.substring(0, Math.max(0, line.indexOf(':')))) {
        case "id" -> id = value;
        case "event" -> event = value;
        case "retry" -> retry = value;
        case "data" -> data.add(value);
        case "" -> comments.add(value);
        default -> fail("an unknown line: " + line);
      }
    }
    return new Frame(
        id,
        event,
        data.isEmpty() ? null : String.join("\n", data),
        comments.isEmpty() ? null : String.join("\n", comments),
        retry);
  }

  private byte[] chunk() throws IOException {
    int size = Integer.parseInt(line().toLowerCase(Locale.ROOT), 16);
    byte[] bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new EOFException();
    }
    line();
    return bytes;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException();
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  /** Aborts the connection with a reset, as a crash does. */
  public void cut() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Closes the connection. */
  @Override
  public void close() throws IOException {
    socket.close();
    failOnFault();
  }
}
