package devfest.studio.app.page;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Serves the {@link StaticFiles}. Browsers keep a file at the address of this version, and
 * revalidate it at its stable address. The address of another version has the file of this one, for
 * a page that was loaded before an upgrade, or from a node that has not got it yet; browsers
 * revalidate that, too.
 */
@WebServlet(
    urlPatterns = {"/client/*", "/dashboard/*", "/vendor/*", "/v/*"},
    asyncSupported = true)
public class StaticServlet extends HttpServlet {

  /** For content that changes with the application. */
  static final String REVALIDATED = "no-cache";

  private static final String KEPT = "public, max-age=31536000, immutable";

  private static final Pattern VERSIONED = Pattern.compile("/v/([0-9a-f]{12})/(.+)");

  @Inject private transient StaticFiles files;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String path = request.getServletPath() + request.getPathInfo();
    Matcher versioned = VERSIONED.matcher(path);
    boolean isVersioned = versioned.matches();
    Optional<StaticContent> file =
        isVersioned
            ? files.atVersion(versioned.group(2))
            : files.atStableAddress(path.substring(1));
    boolean kept = isVersioned && versioned.group(1).equals(files.version());
    if (file.isPresent()) {
      file.get().send(request, response, kept ? KEPT : REVALIDATED);
    } else {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
    }
  }
}
