package devfest.studio.app.http;

import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * The page at {@code /dashboard}, and the way there from the root. The page names its parts
 * relative to {@code /dashboard} without a slash behind it, so that it works at any context path.
 */
@WebServlet(
    urlPatterns = {"/dashboard", "/dashboard/", "/dashboard/index.html", ""},
    asyncSupported = true)
public class DashboardServlet extends HttpServlet {

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    String path = request.getServletPath();
    if (path.equals("/dashboard")) {
      response.setHeader("Cache-Control", "no-cache");
      response.setCharacterEncoding("UTF-8");
      request.getRequestDispatcher("/WEB-INF/dashboard.html").forward(request, response);
    } else {
      // Relative (RFC 9110 § 10.2.2): the address that the client used may be a proxy's.
      response.setStatus(HttpServletResponse.SC_FOUND);
      response.setHeader("Location", path.startsWith("/dashboard/") ? "../dashboard" : "dashboard");
    }
  }
}
