package devfest.studio.app.page;

import devfest.studio.security.OidcSettings;
import jakarta.inject.Inject;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The studio's pages: the dashboard at {@code /dashboard}, the others below it, those for guests
 * and for faults at the root, and a redirect from the root.
 *
 * <p>Each page is a file in {@code WEB-INF/pages}. In it, {@code {{name}}} on a line of its own is
 * replaced by the shared file {@code parts/name.html}. Then {@code {{root}}} is replaced by the
 * path from the page to the studio, relative so that it works with every context path, {@code
 * {{base}}} by that to the scripts and styles of this version, and {@code {{provider}}} by
 * attributes that describe where users sign in.
 */
@WebServlet(
    urlPatterns = {
      "/dashboard",
      "/dashboard/",
      "/dashboard/index.html",
      "/dashboard/chat.html",
      "/dashboard/event.html",
      "/dashboard/moderation.html",
      "/dashboard/people.html",
      "/dashboard/scores.html",
      "/dashboard/signed-in.html",
      "/dashboard/statistics.html",
      "/dashboard/timer.html",
      "/diagnose",
      "/join",
      ""
    },
    asyncSupported = true)
public class PageServlet extends HttpServlet {

  /** Paths of pages that are directories, too. */
  static final Set<String> PATHS = Set.of("/dashboard");

  private static final List<String> AT_THE_ROOT = List.of("dashboard", "diagnose", "join");

  private static final List<String> BELOW_THE_DASHBOARD =
      List.of(
          "chat", "event", "moderation", "people", "scores", "signed-in", "statistics", "timer");

  private static final Pattern PART = Pattern.compile(" *\\{\\{([a-z-]+)}}\n");

  @Inject private transient OidcSettings signIn;

  @Inject private transient StaticFiles files;

  private transient Map<String, StaticContent> pages = Map.of();

  @Override
  public void init() throws ServletException {
    Map<String, StaticContent> found = new HashMap<>();
    try {
      for (String name : AT_THE_ROOT) {
        found.put("/" + name, page(name, ""));
      }
      for (String name : BELOW_THE_DASHBOARD) {
        found.put("/dashboard/" + name + ".html", page(name, "../"));
      }
    } catch (IOException e) {
      throw new ServletException(e);
    }
    pages = Map.copyOf(found);
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String path = request.getServletPath();
    StaticContent page = pages.get(path);
    if (page != null) {
      page.send(request, response, StaticServlet.REVALIDATED);
    } else {
      // Relative (RFC 9110 § 10.2.2), because the client may use the address of a proxy.
      response.setStatus(HttpServletResponse.SC_FOUND);
      response.setHeader("Location", path.startsWith("/dashboard/") ? "../dashboard" : "dashboard");
    }
  }

  private StaticContent page(String name, String root) throws IOException {
    StringBuilder page = new StringBuilder();
    Matcher part = PART.matcher(read(name + ".html"));
    while (part.find()) {
      String text = read("parts/" + part.group(1) + ".html");
      part.appendReplacement(page, Matcher.quoteReplacement(text));
    }
    String html =
        part.appendTail(page)
            .toString()
            .replace("{{base}}", root + "v/" + files.version() + "/dashboard/")
            .replace("{{root}}", root)
            .replace("{{provider}}", provider());
    return StaticContent.ofText("text/html", html);
  }

  /** Returns attributes of an element, with a leading space; empty without a provider. */
  private String provider() {
    return signIn
        .provider()
        .map(
            at ->
                attribute("issuer", at.issuer())
                    + attribute("client-id", at.clientId())
                    + attribute("scopes", at.scopes()))
        .orElse("");
  }

  private static String attribute(String name, String value) {
    String text = value.replace("&", "&amp;").replace("\"", "&quot;").replace("<", "&lt;");
    return " data-" + name + "=\"" + text + "\"";
  }

  private String read(String file) throws IOException {
    try (InputStream in = getServletContext().getResourceAsStream("/WEB-INF/pages/" + file)) {
      if (in == null) {
        throw new IOException("The application has no page " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
