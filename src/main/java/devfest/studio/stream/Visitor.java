package devfest.studio.stream;

import devfest.studio.hub.Subscription;
import devfest.studio.security.Caller;
import java.security.Principal;

/**
 * Who opens a WebSocket, and the place that was taken for it when its handshake was answered. Safe
 * for use from many threads.
 */
public final class Visitor implements Principal {

  private final Caller caller;
  private final Subscription place;

  /** Guarded by this, as is the next. */
  private boolean came;

  private boolean left;

  Visitor(Caller caller, Subscription place) {
    this.caller = caller;
    this.place = place;
  }

  Caller caller() {
    return caller;
  }

  Subscription place() {
    return place;
  }

  /**
   * The socket is open, so that the place is its own from now on.
   *
   * @return false when it has been given to somebody else
   */
  synchronized boolean comes() {
    came = !left;
    return came;
  }

  /** Gives the place back, unless there is a socket on it. */
  public synchronized void giveUp() {
    if (!came) {
      left = true;
      place.cancel();
    }
  }

  @Override
  public String getName() {
    return caller.anonymous() ? "anonymous" : caller.userId();
  }
}
