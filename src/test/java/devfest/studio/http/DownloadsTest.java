package devfest.studio.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.container.AsyncResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a response ends. The server is a fake that accepts every byte. */
class DownloadsTest {

  private final Downloads downloads = new Downloads();
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private Consumer<Runnable> threads = Runnable::run;
  private Consumer<WriteListener> listening = DownloadsTest::begin;
  private boolean committed;
  private boolean disconnected;
  private int completed;
  private int closed;

  private final Downloads.Connection connection =
      new Downloads.Connection() {
        @Override
        public boolean isOpen() {
          return !disconnected;
        }

        @Override
        public void close() {
          disconnected = true;
        }
      };

  private final ServletOutputStream out =
      new ServletOutputStream() {
        @Override
        public boolean isReady() {
          return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
          listening.accept(listener);
        }

        @Override
        public void write(int b) {
          sent.write(b);
        }
      };

  private static void begin(WriteListener listener) {
    try {
      listener.onWritePossible();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns an object whose methods give what the function returns for their names. */
  private static <T> T fake(Class<T> type, Function<String, Object> method) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, called, arguments) -> method.apply(called.getName())));
  }

  @BeforeEach
  void setUp() {
    downloads.executor =
        (ManagedExecutorService)
            Proxy.newProxyInstance(
                ManagedExecutorService.class.getClassLoader(),
                new Class<?>[] {ManagedExecutorService.class},
                (proxy, called, arguments) -> {
                  threads.accept((Runnable) arguments[0]);
                  return null;
                });
  }

  private void send(InputStream content) throws IOException {
    HttpServletResponse response =
        fake(
            HttpServletResponse.class,
            method ->
                switch (method) {
                  case "getOutputStream" -> out;
                  case "isCommitted" -> committed;
                  case "flushBuffer" -> {
                    committed = true;
                    yield null;
                  }
                  default -> null;
                });
    AsyncContext context =
        fake(AsyncContext.class, method -> method.equals("getResponse") ? response : null);
    HttpServletRequest request =
        (HttpServletRequest)
            Proxy.newProxyInstance(
                HttpServletRequest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, called, arguments) ->
                    switch (called.getName()) {
                      case "getAsyncContext" -> context;
                      case "getAttribute" ->
                          Downloads.CONNECTION.equals(arguments[0]) ? connection : null;
                      default -> null;
                    });
    AsyncResponse suspended =
        fake(
            AsyncResponse.class,
            method -> {
              completed++;
              return true;
            });
    downloads.send(request, suspended, Map.of(), content, () -> closed++);
  }

  private static InputStream failing(Throwable failure) {
    InputStream end =
        new InputStream() {
          @Override
          public int read() throws IOException {
            return read(new byte[1], 0, 1);
          }

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            if (failure instanceof IOException e) {
              throw e;
            }
            if (failure instanceof RuntimeException e) {
              throw e;
            }
            throw (Error) failure;
          }
        };
    return new SequenceInputStream(new ByteArrayInputStream(new byte[] {1, 2, 3}), end);
  }

  private void assertEnded() {
    assertTrue(disconnected, "the client notices");
    assertEquals(1, completed);
    assertEquals(1, closed);
  }

  @Test
  void contentThatIsSentCompletelyLeavesTheConnectionOpen() throws IOException {
    send(new ByteArrayInputStream(new byte[] {1, 2, 3}));
    assertArrayEquals(new byte[] {1, 2, 3}, sent.toByteArray());
    assertFalse(disconnected);
    assertEquals(1, completed);
    assertEquals(1, closed);
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        IOException.class,
        IllegalStateException.class,
        OutOfMemoryError.class,
        StackOverflowError.class
      })
  void aFailureOfTheContentDisconnectsTheClient(Class<? extends Throwable> failure)
      throws Exception {
    send(failing(failure.getConstructor().newInstance()));
    assertEquals(3, sent.size());
    assertEnded();
  }

  @Test
  void aServerThatRefusesTheListenerDisconnectsTheClient() {
    listening =
        listener -> {
          throw new OutOfMemoryError();
        };
    assertThrows(OutOfMemoryError.class, () -> send(failing(new IOException())));
    assertEnded();
    assertEquals(0, sent.size());
  }

  @Test
  void aServerWithoutMemoryForAThreadDisconnectsTheClient() throws IOException {
    threads =
        task -> {
          throw new OutOfMemoryError();
        };
    send(failing(new IOException()));
    assertTrue(disconnected);
    assertEquals(0, sent.size());
  }
}
