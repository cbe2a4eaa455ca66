package devfest.studio.app.health;

import devfest.studio.stream.StreamEngine;
import jakarta.inject.Inject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.spi.JsonProvider;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The probes of MicroProfile Health 4.0 § 3 on the studio's own port. Some servers already serve
 * their own probes there, which then take precedence; others serve them on a management port that
 * clients cannot reach, or disable them.
 */
@WebServlet(
    urlPatterns = {"/health", "/health/live", "/health/ready"},
    asyncSupported = true)
public class ProbesServlet extends HttpServlet {

  private static final JsonProvider JSON = JsonProvider.provider();

  @Inject private transient Checks checks;
  @Inject private transient StreamEngine engine;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Map<String, Boolean> parts =
        request.getServletPath().endsWith("/live")
            ? Map.of("events", engine.isRunning())
            : checks.run();
    boolean up = !parts.containsValue(false);
    JsonObjectBuilder data = JSON.createObjectBuilder();
    parts.forEach(data::add);
    JsonObjectBuilder studio =
        JSON.createObjectBuilder()
            .add("name", "studio")
            .add("status", status(up))
            .add("data", data);
    response.setStatus(up ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE);
    response.setContentType("application/json");
    response
        .getOutputStream()
        .write(
            JSON.createObjectBuilder()
                .add("status", status(up))
                .add("checks", JSON.createArrayBuilder().add(studio))
                .build()
                .toString()
                .getBytes(StandardCharsets.UTF_8));
  }

  private static String status(boolean up) {
    return up ? "UP" : "DOWN";
  }
}
