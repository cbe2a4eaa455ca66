package devfest.studio.app.page;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Makes browsers revalidate pages, scripts and styles before each use, by the validators that the
 * container adds. Without the header, browsers may combine the files of two releases.
 */
@WebFilter(
    urlPatterns = {"/client/*", "/dashboard/*"},
    asyncSupported = true)
public class Revalidation extends HttpFilter {

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    response.setHeader("Cache-Control", "no-cache");
    chain.doFilter(request, response);
  }
}
