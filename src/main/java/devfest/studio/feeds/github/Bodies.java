package devfest.studio.feeds.github;

import devfest.studio.http.Code;
import devfest.studio.http.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * Reads bodies into memory, of the large ones a few at a time: nobody knows who sends them before
 * they are read. Safe for use from many threads.
 */
@ApplicationScoped
class Bodies {

  private static final int SMALL = 1024 * 1024;
  private static final int LARGE_AT_ONCE = 3;

  private final Semaphore large = new Semaphore(LARGE_AT_ONCE);

  /**
   * @throws Problem 503 when too many large ones are being read
   */
  <T> T read(InputStream body, Function<byte[], T> use) {
    try {
      byte[] first = body.readNBytes(SMALL);
      if (first.length < SMALL) {
        return use.apply(first);
      }
      if (!large.tryAcquire()) {
        throw Problem.tryLater(Code.BUSY, "Too many large bodies at a time", Duration.ofSeconds(5));
      }
      try (InputStream whole = new SequenceInputStream(new ByteArrayInputStream(first), body)) {
        return use.apply(whole.readAllBytes());
      } finally {
        large.release();
      }
    } catch (IOException e) {
      throw Problem.badRequest("The body ended too soon", e);
    }
  }
}
