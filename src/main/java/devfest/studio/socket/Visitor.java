package devfest.studio.socket;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import devfest.studio.hub.Subscription;
import devfest.studio.security.Caller;
import java.security.Principal;

/**
 * The caller that opens a WebSocket, and the subscription whose slot is reserved before the
 * handshake is completed. Safe for use from many threads.
 */
public final class Visitor implements Principal {

  private final Caller caller;
  private final Subscription subscription;

  /** Whether the open socket owns the slot. */
  @GuardedBy("this")
  private boolean claimed;

  /** Whether the slot was freed first. */
  private boolean released;

  Visitor(Caller caller, Subscription subscription) {
    this.caller = caller;
    this.subscription = subscription;
  }

  Caller caller() {
    return caller;
  }

  Subscription subscription() {
    return subscription;
  }

  /**
   * Passes the slot to the open socket.
   *
   * @return false if the slot was released before
   */
  synchronized boolean claim() {
    claimed = !released;
    return claimed;
  }

  /** Frees the slot, unless an open socket has claimed it. */
  synchronized void release() {
    if (!claimed) {
      released = true;
      subscription.cancel();
    }
  }

  @Override
  public String getName() {
    return caller.anonymous() ? "anonymous" : caller.user();
  }
}
