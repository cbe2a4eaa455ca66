package devfest.studio.app.page;

import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The studio's pages: the dashboard at {@code /dashboard} and the others below it, and a redirect
 * from the root.
 *
 * <p>Each page is a file in {@code WEB-INF/pages}. In it, {@code {{name}}} is replaced by the
 * shared file {@code parts/name.html}. In a part, {@code {{base}}} is replaced by the path from the
 * page to the scripts and styles, relative so that it works with every context path.
 */
@WebServlet(
    urlPatterns = {
      "/dashboard",
      "/dashboard/",
      "/dashboard/index.html",
      "/dashboard/chat.html",
      "/dashboard/scores.html",
      "/dashboard/timer.html",
      ""
    },
    asyncSupported = true)
public class PageServlet extends HttpServlet {

  private static final Pattern PART = Pattern.compile(" *\\{\\{([a-z-]+)}}\n");

  private transient Map<String, String> pages = Map.of();

  /** In whole seconds, the resolution of Last-Modified. */
  private final Instant loaded = Instant.now().truncatedTo(ChronoUnit.SECONDS);

  @Override
  public void init() throws ServletException {
    try {
      pages =
          Map.of(
              "/dashboard", page("dashboard", "dashboard/"),
              "/dashboard/chat.html", page("chat", ""),
              "/dashboard/scores.html", page("scores", ""),
              "/dashboard/timer.html", page("timer", ""));
    } catch (IOException e) {
      throw new ServletException(e);
    }
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String path = request.getServletPath();
    String page = pages.get(path);
    if (page != null) {
      response.setHeader("Cache-Control", "no-cache");
      response.setContentType("text/html");
      response.setCharacterEncoding("UTF-8");
      response.getWriter().write(page);
    } else {
      // Relative (RFC 9110 § 10.2.2), because the client may use the address of a proxy.
      response.setStatus(HttpServletResponse.SC_FOUND);
      response.setHeader("Location", path.startsWith("/dashboard/") ? "../dashboard" : "dashboard");
    }
  }

  /** Pages change only with the application, so a cached page is valid until the next start. */
  @Override
  protected long getLastModified(HttpServletRequest request) {
    return pages.containsKey(request.getServletPath()) ? loaded.toEpochMilli() : -1;
  }

  private String page(String name, String base) throws IOException {
    StringBuilder page = new StringBuilder();
    Matcher part = PART.matcher(read(name + ".html"));
    while (part.find()) {
      String text = read("parts/" + part.group(1) + ".html").replace("{{base}}", base);
      part.appendReplacement(page, Matcher.quoteReplacement(text));
    }
    return part.appendTail(page).toString();
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
