package devfest.studio.app.http;

import devfest.studio.http.Code;
import devfest.studio.http.Problem;
import jakarta.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;

/** Decides about a request with a body by its head, before the body is received. */
@FunctionalInterface
public interface Front {

  /** Decides about one request. Thread-safe. */
  Verdict admit(Head head);

  /**
   * The decision.
   *
   * @param refusal null if the body is to be received
   * @param caller the authenticated caller; null if the request is refused
   * @param owner the user or the address for which the body counts
   * @param anonymous whether the owner is an address
   * @param limit the largest body in bytes
   */
  record Verdict(
      @Nullable Refusal refusal,
      @Nullable SecurityContext caller,
      String owner,
      boolean anonymous,
      long limit) {

    /** The refusal of a request that cannot be checked at the moment. */
    public static Verdict unavailable() {
      return refused(
          Refusal.of(
              Problem.tryLater(Code.UNAVAILABLE, RequestGate.UNAVAILABLE, RequestGate.RESTART)));
    }

    static Verdict refused(Refusal refusal) {
      return new Verdict(refusal, null, "", true, 0);
    }
  }
}
