package devfest.studio.http;

import java.net.InetAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The names and addresses of the machine itself. */
public final class Loopback {

  private Loopback() {}

  /**
   * Whether a host is this machine: {@code localhost}, or a loopback address in any notation. Never
   * queries DNS, so another name is not, whatever its address.
   */
  public static boolean isHost(@Nullable String host) {
    if (host == null) {
      return false;
    }
    Optional<InetAddress> address = Network.address(host);
    return host.equalsIgnoreCase("localhost")
        || (address.isPresent() && address.get().isLoopbackAddress());
  }
}
