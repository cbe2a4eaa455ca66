package devfest.studio.app.http;

import devfest.studio.cluster.Rates;
import devfest.studio.http.Limit;
import devfest.studio.http.Problem;
import devfest.studio.http.Proxies;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * Counts requests whose credential or signature is invalid, by address. A valid credential is not
 * affected, because all clients in one hall may share an address. Thread-safe.
 */
@ApplicationScoped
class FailedAuthentications {

  private final Rates rates;
  private final Proxies proxies;

  @Inject
  FailedAuthentications(Rates rates, Proxies proxies) {
    this.rates = rates;
    this.proxies = proxies;
  }

  /** Counts a failure. Returns the refusal if the address has too many, else empty. */
  Optional<Problem> count(HttpServletRequest request) {
    return count(proxies.client(request));
  }

  /** The same for the address of a client. */
  Optional<Problem> count(String address) {
    try {
      rates.takeAddress(Limit.FAILED_AUTHENTICATIONS, address);
      return Optional.empty();
    } catch (Problem refusal) {
      return Optional.of(refusal);
    }
  }
}
