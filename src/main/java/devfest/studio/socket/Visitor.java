package devfest.studio.socket;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import devfest.studio.hub.Subscription;
import devfest.studio.security.Caller;
import java.security.Principal;

/**
 * The caller who opens a WebSocket, and the place that was taken before the handshake is answered.
 * Safe for use from many threads.
 */
public final class Visitor implements Principal {

  private final Caller caller;
  private final Subscription place;

  @GuardedBy("this")
  private boolean arrived;

  @GuardedBy("this")
  private boolean gone;

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
   * The socket is open and owns the place from now on.
   *
   * @return false when the place was given back before
   */
  synchronized boolean arrive() {
    arrived = !gone;
    return arrived;
  }

  /** Gives the place back, unless there is a socket on it. */
  synchronized void giveUp() {
    if (!arrived) {
      gone = true;
      place.cancel();
    }
  }

  @Override
  public String getName() {
    return caller.anonymous() ? "anonymous" : caller.user();
  }
}
