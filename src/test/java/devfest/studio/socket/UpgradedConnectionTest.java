package devfest.studio.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class UpgradedConnectionTest {

  /** A server's connection that records whether it is used after it was closed. */
  private static final class Server implements WebConnection {

    final AtomicInteger closings = new AtomicInteger();
    final AtomicInteger writes = new AtomicInteger();
    final CountDownLatch writing = new CountDownLatch(1);
    volatile CountDownLatch go = new CountDownLatch(0);
    volatile boolean usedAfterwards;
    volatile ReadListener reader;
    volatile Step duringWrite = () -> {};

    private void use() {
      if (closings.get() > 0) {
        usedAfterwards = true;
      }
    }

    @Override
    public ServletInputStream getInputStream() {
      return new ServletInputStream() {
        @Override
        public boolean isFinished() {
          use();
          return false;
        }

        @Override
        public boolean isReady() {
          use();
          return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
          if (closings.get() > 0) {
            throw new IllegalStateException("not upgraded");
          }
          reader = listener;
        }

        @Override
        public int read() {
          use();
          return 1;
        }

        @Override
        public int read(byte[] bytes, int from, int length) {
          use();
          return length;
        }
      };
    }

    @Override
    public ServletOutputStream getOutputStream() {
      return new ServletOutputStream() {
        @Override
        public boolean isReady() {
          use();
          return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
          use();
        }

        @Override
        public void write(int value) throws IOException {
          writing.countDown();
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          use();
          writes.incrementAndGet();
          duringWrite.run();
        }

        @Override
        public void flush() {
          use();
        }
      };
    }

    @Override
    public void close() {
      closings.incrementAndGet();
    }
  }

  private static final class Reader implements ReadListener {

    volatile Throwable fault;

    @Override
    public void onDataAvailable() {}

    @Override
    public void onAllDataRead() {}

    @Override
    public void onError(Throwable t) {
      fault = t;
    }
  }

  private final Server server = new Server();
  private final UpgradedConnection connection = new UpgradedConnection(server);

  @Test
  void aConnectionClosesWhenWhatIsBeingWrittenHasBeenWritten() throws Exception {
    server.go = new CountDownLatch(1);
    ServletOutputStream out = connection.getOutputStream();
    CompletableFuture<Void> write = async(() -> out.write(new byte[1]));
    server.writing.await();
    CompletableFuture<Void> close = async(connection::close);
    assertThrows(TimeoutException.class, () -> close.get(100, TimeUnit.MILLISECONDS));
    assertEquals(0, server.closings.get());
    server.go.countDown();
    write.join();
    close.join();
    assertEquals(1, server.closings.get());
    assertEquals(1, server.writes.get());
    assertFalse(server.usedAfterwards);
  }

  @Test
  void anInterruptedThreadAlsoWaitsForWhatIsBeingWritten() throws Exception {
    server.go = new CountDownLatch(1);
    ServletOutputStream out = connection.getOutputStream();
    CompletableFuture<Void> write = async(() -> out.write(1));
    server.writing.await();
    CompletableFuture<Void> close =
        async(
            () -> {
              Thread.currentThread().interrupt();
              connection.close();
              assertTrue(Thread.currentThread().isInterrupted());
            });
    assertThrows(TimeoutException.class, () -> close.get(100, TimeUnit.MILLISECONDS));
    server.go.countDown();
    write.join();
    close.join();
    assertEquals(1, server.closings.get());
    assertFalse(server.usedAfterwards);
  }

  @Test
  void aWriteThatFindsTheClientGoneMayCloseItsConnection() throws Exception {
    connection.getInputStream().setReadListener(new Reader());
    connection.listen();
    server.duringWrite =
        () -> {
          server.reader.onError(new IOException("reset by the client"));
          connection.close();
        };
    ServletOutputStream out = connection.getOutputStream();
    out.write(1);
    assertEquals(1, server.closings.get());
    assertThrows(IOException.class, () -> out.write(1));
  }

  @Test
  void aConnectionThatClosesBeforeItIsReadReportsThat() throws Exception {
    Reader reader = new Reader();
    connection.getInputStream().setReadListener(reader);
    connection.close();
    connection.listen();
    assertTrue(reader.fault instanceof IllegalStateException, () -> "" + reader.fault);
  }

  @Test
  void nothingReachesTheServerAfterTheEnd() throws Exception {
    ServletOutputStream out = connection.getOutputStream();
    ServletInputStream in = connection.getInputStream();
    connection.close();
    connection.close();
    assertTrue(out.isReady(), "so that a write fails instead of waiting");
    assertThrows(IOException.class, () -> out.write(new byte[1]));
    assertThrows(IOException.class, () -> out.write(1));
    assertThrows(IOException.class, out::flush);
    assertThrows(IllegalStateException.class, () -> out.setWriteListener(null));
    assertFalse(in.isReady());
    assertTrue(in.isFinished());
    assertThrows(IOException.class, in::available);
    assertThrows(IOException.class, in::read);
    assertThrows(IOException.class, () -> in.read(new byte[1]));
    assertEquals(1, server.closings.get());
    assertFalse(server.usedAfterwards);
  }

  @Test
  void aConnectionThatFailsIsNotUsedAgain() throws Exception {
    Reader reader = new Reader();
    connection.getInputStream().setReadListener(reader);
    connection.listen();
    IOException fault = new IOException("reset by the client");
    server.reader.onError(fault);
    server.close(); // as the server does next
    assertThrows(IOException.class, () -> connection.getOutputStream().write(new byte[1]));
    assertSame(fault, reader.fault);
    assertFalse(server.usedAfterwards);
  }

  @Test
  void aConnectionIsReadWhenItsHandlerIsInitialised() throws Exception {
    connection.getInputStream().setReadListener(new Reader());
    assertNull(server.reader);
    connection.listen();
    assertNotNull(server.reader);
  }

  @Test
  void manyWritersNeverUseAConnectionThatCloses() throws Exception {
    for (int i = 0; i < 500; i++) {
      Server one = new Server();
      UpgradedConnection of = new UpgradedConnection(one);
      List<CompletableFuture<Void>> writers = new ArrayList<>();
      for (int n = 0; n < 3; n++) {
        ServletOutputStream out = of.getOutputStream();
        writers.add(
            async(
                () -> {
                  while (true) {
                    out.write(1);
                    out.flush();
                  }
                }));
      }
      of.close();
      for (CompletableFuture<Void> writer : writers) {
        assertTrue(writer.handle((none, fault) -> fault != null).join());
      }
      assertFalse(one.usedAfterwards);
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private static CompletableFuture<Void> async(Step step) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            step.run();
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        },
        task -> new Thread(task).start());
  }
}
