package devfest.studio.app.server;

import devfest.studio.app.http.Front;
import devfest.studio.app.http.Head;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Checks a request again on another thread if that fails on the present one: the CDI contexts of an
 * earlier request can remain on a thread of Payara, with a request object that is used no more.
 * What leaves them there is not known; it was seen after many short WebSockets. Thread-safe.
 */
final class SecondThread implements Front {

  private static final Logger LOG = System.getLogger(SecondThread.class.getName());

  /** Far longer than a check takes. */
  private static final long PATIENCE_SECONDS = 5;

  private final Front front;
  private final Executor executor;

  SecondThread(Front front, Executor executor) {
    this.front = front;
    this.executor = executor;
  }

  @Override
  public Verdict admit(Head head) {
    try {
      return front.admit(head);
    } catch (RuntimeException e) {
      LOG.log(Level.DEBUG, "A request is checked again", e);
      return CompletableFuture.supplyAsync(() -> front.admit(head), executor)
          .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
          .join();
    }
  }
}
