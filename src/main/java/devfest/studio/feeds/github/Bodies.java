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
 * Reads request bodies into memory. The number of large bodies at the same time is limited, because
 * the sender is authenticated only after the body has been read. Safe for use from many threads.
 */
@ApplicationScoped
class Bodies {

  /** In bytes; nearly all deliveries are smaller. */
  private static final int SMALL = 1024 * 1024;

  /** Each body has at most 25 MB, so large bodies need at most 75 MB of memory. */
  private static final int MAX_LARGE = 3;

  private final Semaphore large = new Semaphore(MAX_LARGE);

  /**
   * Reads a body and passes it to a function.
   *
   * @throws Problem 503 if too many large bodies are being read; 400 if the body is incomplete
   */
  <T> T read(InputStream body, Function<byte[], T> use) {
    try {
      byte[] first = body.readNBytes(SMALL);
      if (first.length < SMALL) {
        return use.apply(first);
      }
      if (!large.tryAcquire()) {
        throw Problem.tryLater(
            Code.BUSY,
            "Too many large requests are being received. Try again later.",
            Duration.ofSeconds(5));
      }
      try (InputStream whole = new SequenceInputStream(new ByteArrayInputStream(first), body)) {
        return use.apply(whole.readAllBytes());
      } finally {
        large.release();
      }
    } catch (IOException e) {
      throw Problem.badRequest("The body is incomplete.", e);
    }
  }
}
