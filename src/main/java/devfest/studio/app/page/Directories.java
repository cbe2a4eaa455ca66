package devfest.studio.app.page;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.TreeSet;

/**
 * Answers 404 at each directory of the application. Otherwise the servers redirect it to the same
 * path with a slash, at the host that the client names, and without the headers of the studio.
 */
@WebListener
public class Directories implements ServletContextListener {

  @Override
  public void contextInitialized(ServletContextEvent event) {
    ServletContext context = event.getServletContext();
    ServletRegistration.Dynamic none = context.addServlet("directories", new None());
    if (none != null) { // not registered by an earlier start of the same context
      none.setAsyncSupported(true);
      Set<String> taken = none.addMapping(directories(context).toArray(String[]::new));
      if (!taken.isEmpty()) {
        throw new IllegalStateException("Pages have the paths of directories: " + taken);
      }
    }
  }

  private static Set<String> directories(ServletContext context) {
    Set<String> found = new TreeSet<>();
    Deque<String> open = new ArrayDeque<>(Set.of("/"));
    while (!open.isEmpty()) {
      Set<String> content = context.getResourcePaths(open.remove());
      for (String path : content == null ? Set.<String>of() : content) {
        String directory = path.substring(0, path.length() - 1);
        if (path.endsWith("/") && found.add(directory)) {
          open.add(path);
        }
      }
    }
    found.removeAll(PageServlet.PATHS);
    return found;
  }

  /** There is nothing at a directory. */
  private static final class None extends HttpServlet {

    private static final long serialVersionUID = 1;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
    }
  }
}
