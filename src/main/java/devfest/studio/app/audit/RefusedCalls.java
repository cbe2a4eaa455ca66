package devfest.studio.app.audit;

import devfest.studio.app.http.Routes;
import devfest.studio.audit.Action;
import devfest.studio.audit.Audit;
import devfest.studio.audit.Outcome;
import devfest.studio.security.Token;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;

/** Records the calls that a resource refuses; {@code SignIn} records those of a missing role. */
@Provider
public class RefusedCalls implements ContainerResponseFilter {

  @Inject private Audit audit;
  @Context private ResourceInfo resource;

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    if (response.getStatus() == Response.Status.FORBIDDEN.getStatusCode()
        && resource.getResourceMethod() != null
        && request.getSecurityContext().getUserPrincipal() instanceof Token token) {
      audit.record(
          token.getName(),
          Action.CALL,
          request.getMethod() + " " + Routes.template(resource.getResourceMethod()),
          Outcome.REFUSED);
    }
  }
}
