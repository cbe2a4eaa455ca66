package devfest.studio.app.http;

import devfest.studio.cluster.Rates;
import devfest.studio.http.Limit;
import devfest.studio.http.Limited;
import devfest.studio.http.Proxies;
import devfest.studio.security.Caller;
import devfest.studio.security.Callers;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.ext.Provider;

/**
 * Enforces {@link Limited}, after {@link Access} has authorised the call and before the body is
 * read.
 */
@Provider
@Priority(Priorities.AUTHORIZATION)
public class FrequencyFilter implements ContainerRequestFilter {

  @Inject private Rates rates;
  @Inject private Callers callers;
  @Inject private Proxies proxies;
  @Context private ResourceInfo resource;
  @Context private HttpServletRequest http;

  @Override
  public void filter(ContainerRequestContext request) {
    Limited limited = resource.getResourceMethod().getAnnotation(Limited.class);
    if (limited == null || request.getMethod().equals("OPTIONS")) {
      return;
    }
    Limit limit = limited.value();
    Caller caller = callers.caller(request.getSecurityContext());
    if (caller.anonymous()) {
      rates.takeAddress(limit, proxies.client(http));
    } else {
      rates.take(limit, caller.user());
    }
  }
}
