package devfest.studio.socket;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import devfest.studio.hub.Subscription;
import devfest.studio.security.Caller;
import java.security.Principal;
import java.util.function.Function;

/**
 * The caller that opens a WebSocket, and the subscription whose slot is reserved before the
 * handshake is completed. Safe for use from many threads.
 */
public final class Visitor implements Principal {

  private final Caller caller;
  private final Subscription subscription;
  private final Function<Link, Conversation> conversation;

  /** Whether the open socket owns the slot. */
  @GuardedBy("this")
  private boolean claimed;

  /** Whether the slot was freed first. */
  private boolean released;

  /**
   * @param conversation what the caller's socket sends and receives
   */
  Visitor(Caller caller, Subscription subscription, Function<Link, Conversation> conversation) {
    this.caller = caller;
    this.subscription = subscription;
    this.conversation = conversation;
  }

  /** The conversation over the caller's socket. */
  Conversation converse(Link link) {
    return conversation.apply(link);
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
