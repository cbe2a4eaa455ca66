package devfest.studio.http;

import jakarta.enterprise.context.RequestScoped;
import org.jspecify.annotations.Nullable;

/**
 * The client of a request that does not have a servlet request yet, because its body has not been
 * received. For use by one thread.
 */
@RequestScoped
public class Sender {

  private @Nullable String address;

  /**
   * Returns the address as {@link Proxies#client} defines it; null if the request has a servlet's.
   */
  public @Nullable String address() {
    return address;
  }

  public void setAddress(String address) {
    this.address = address;
  }
}
