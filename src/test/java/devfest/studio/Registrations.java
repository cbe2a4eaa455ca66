package devfest.studio;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintWriter;

/**
 * Lists the servlets that a running server has registered, a mapping per line. A test adds this
 * class to a copy of the WAR.
 */
@WebServlet(Registrations.PATH)
public class Registrations extends HttpServlet {

  static final String PATH = "/registrations";

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("text/plain;charset=UTF-8");
    PrintWriter out = response.getWriter();
    getServletContext()
        .getServletRegistrations()
        .values()
        .forEach(servlet -> servlet.getMappings().forEach(out::println));
  }
}
