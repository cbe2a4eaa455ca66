package devfest.studio.app.http;

import devfest.studio.security.Public;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.ext.Provider;
import java.lang.reflect.Method;

/**
 * Authenticates the caller of each resource method and authorises the call by the method's
 * annotation. The mechanism is the studio's own and the same on every server
 * (docs/decisions/one-verifier.md). A method without an annotation rejects all calls.
 */
@Provider
@Priority(Priorities.AUTHENTICATION)
public class Access implements ContainerRequestFilter {

  @Inject private SignIn signIn;
  @Context private ResourceInfo resource;
  @Context private HttpServletRequest servletRequest;

  @Override
  public void filter(ContainerRequestContext request) {
    Method method = resource.getResourceMethod();
    if (!request.getMethod().equals("OPTIONS") && !method.isAnnotationPresent(Public.class)) {
      request.setSecurityContext(signIn.enter(method, servletRequest));
    }
  }
}
