package devfest.studio.app;

import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The page at {@code /dashboard}, and the way there from the root. */
@WebServlet(
    urlPatterns = {"/dashboard", ""},
    asyncSupported = true)
public class DashboardServlet extends HttpServlet {

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    if (request.getServletPath().equals("/dashboard")) {
      response.setHeader("Cache-Control", "no-cache");
      request.getRequestDispatcher("/dashboard/index.html").forward(request, response);
    } else {
      response.sendRedirect("/dashboard");
    }
  }
}
