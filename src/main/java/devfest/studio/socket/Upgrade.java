package devfest.studio.socket;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpUpgradeHandler;
import jakarta.servlet.http.WebConnection;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Gives the server's WebSocket code an {@link UpgradedConnection} in place of its own connection.
 * Only the Servlet API is used, but of the servers only Payara upgrades requests through it.
 * Public, because the server creates it.
 */
public final class Upgrade implements HttpUpgradeHandler {

  private @Nullable HttpUpgradeHandler handler;

  /**
   * Upgrades a request.
   *
   * @param type the server's handler
   * @see HttpServletRequest#upgrade
   */
  static <T extends HttpUpgradeHandler> T begin(HttpServletRequest request, Class<T> type)
      throws IOException, ServletException {
    T handler;
    try {
      handler = type.getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new ServletException(e);
    }
    request.upgrade(Upgrade.class).handler = handler;
    return handler;
  }

  @Override
  public void init(WebConnection connection) {
    UpgradedConnection upgraded = new UpgradedConnection(connection);
    handler().init(upgraded);
    upgraded.listen();
  }

  @Override
  public void destroy() {
    handler().destroy();
  }

  private HttpUpgradeHandler handler() {
    return Objects.requireNonNull(handler, "set by begin");
  }
}
