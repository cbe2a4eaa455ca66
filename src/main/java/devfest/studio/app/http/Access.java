package devfest.studio.app.http;

import devfest.studio.security.Callers;
import devfest.studio.security.Origins;
import devfest.studio.security.Public;
import devfest.studio.security.Roles;
import devfest.studio.security.SessionResource;
import devfest.studio.security.Token;
import jakarta.annotation.Priority;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Cookie;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.ext.Provider;
import java.lang.reflect.Method;
import java.security.Principal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates the caller of each resource method and authorises the call by the method's
 * annotation. The mechanism is the studio's own and the same on every server
 * (docs/decisions/one-verifier.md). A method without an annotation rejects all calls.
 */
@Provider
@Priority(Priorities.AUTHENTICATION)
public class Access implements ContainerRequestFilter {

  @Inject private Callers callers;
  @Inject private Origins origins;
  @Context private ResourceInfo resource;

  @Override
  public void filter(ContainerRequestContext request) {
    Method method = resource.getResourceMethod();
    if (request.getMethod().equals("OPTIONS") || method.isAnnotationPresent(Public.class)) {
      return;
    }
    List<String> headers = request.getHeaders().get(HttpHeaders.AUTHORIZATION);
    boolean secure = request.getSecurityContext().isSecure();
    Optional<Token> token = callers.header(headers);
    Cookie cookie = request.getCookies().get(SessionResource.COOKIE);
    SignedIn caller =
        new SignedIn(
            token.isEmpty() && cookie != null && isFromOwnPage(request)
                ? () -> callers.cookie(cookie.getValue())
                : () -> token.orElse(null),
            secure);
    request.setSecurityContext(caller);
    if (!method.isAnnotationPresent(PermitAll.class)) {
      authorise(caller, method.getAnnotation(RolesAllowed.class));
    }
  }

  private static void authorise(SecurityContext caller, @Nullable RolesAllowed roles) {
    if (caller.getUserPrincipal() == null) {
      throw Callers.required();
    }
    if (roles == null || Arrays.stream(roles.value()).noneMatch(caller::isUserInRole)) {
      throw new ForbiddenException("The token does not have the role that this call requires.");
    }
  }

  /**
   * Whether one of the studio's own pages sent the request; pages of other origins can't forge
   * this.
   */
  private boolean isFromOwnPage(ContainerRequestContext request) {
    String site = request.getHeaderString("Sec-Fetch-Site");
    if (site != null) {
      return site.equals("same-origin");
    }
    String origin = request.getHeaderString("Origin");
    return origin != null && origins.isOwn(origin, request.getHeaderString(HttpHeaders.HOST));
  }

  /**
   * The caller of one request. A cookie is verified only when the principal is needed, because
   * browsers add it to every request.
   */
  private static final class SignedIn implements SecurityContext {

    private final boolean secure;
    private @Nullable Supplier<@Nullable Token> source;
    private @Nullable Token token;

    SignedIn(Supplier<@Nullable Token> source, boolean secure) {
      this.source = source;
      this.secure = secure;
    }

    private @Nullable Token token() {
      if (source != null) {
        token = source.get();
        source = null;
      }
      return token;
    }

    @Override
    public @Nullable Principal getUserPrincipal() {
      return token();
    }

    @Override
    public boolean isUserInRole(String role) {
      Token user = token();
      return user != null && (role.equals(Roles.ANY_USER) || user.getGroups().contains(role));
    }

    @Override
    public boolean isSecure() {
      return secure;
    }

    @Override
    public @Nullable String getAuthenticationScheme() {
      return getUserPrincipal() == null ? null : "Bearer";
    }
  }
}
