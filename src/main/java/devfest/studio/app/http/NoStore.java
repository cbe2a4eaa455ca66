package devfest.studio.app.http;

import devfest.studio.security.Public;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;
import java.lang.reflect.Method;

/**
 * Keeps responses that may depend on the caller out of caches, unless the resource itself states
 * how to cache them. Successful responses of {@link Public} methods are the same for everybody.
 */
@Provider
public class NoStore implements ContainerResponseFilter {

  @Context private ResourceInfo resource;
  @Context private HttpServletResponse servletResponse;

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    Method method = resource.getResourceMethod();
    boolean same =
        method != null && method.isAnnotationPresent(Public.class) && response.getStatus() < 400;
    boolean stated =
        response.getHeaders().containsKey(HttpHeaders.CACHE_CONTROL)
            || servletResponse.containsHeader(HttpHeaders.CACHE_CONTROL); // a stream
    if (!same && !stated) {
      response.getHeaders().putSingle(HttpHeaders.CACHE_CONTROL, "no-store");
    }
  }
}
