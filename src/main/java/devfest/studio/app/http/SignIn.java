package devfest.studio.app.http;

import devfest.studio.audit.Action;
import devfest.studio.audit.Audit;
import devfest.studio.audit.Outcome;
import devfest.studio.security.Callers;
import devfest.studio.security.Origins;
import devfest.studio.security.Public;
import devfest.studio.security.Roles;
import devfest.studio.security.SessionResource;
import devfest.studio.security.Token;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.SecurityContext;
import java.lang.reflect.Method;
import java.security.Principal;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates the caller of a request once, and authorises calls of resource methods by their
 * annotation. Thread-safe.
 */
@ApplicationScoped
public class SignIn {

  /** Request attribute with the caller, so that its token is verified once. */
  public static final String CALLER = "studio.caller";

  private static final Pattern COOKIE =
      Pattern.compile("(?:^|;)\\s*" + SessionResource.COOKIE + "=\"?([^;\"]*)\"?");

  private final Callers callers;
  private final Origins origins;
  private final Audit audit;

  @Inject
  SignIn(Callers callers, Origins origins, Audit audit) {
    this.callers = callers;
    this.audit = audit;
    this.origins = origins;
  }

  /**
   * Authenticates the caller of a method and checks that it may call the method. The request may
   * have the caller as an attribute already, for the same method.
   *
   * @throws NotAuthorizedException if a credential is invalid or a required one is missing
   * @throws ForbiddenException if the caller does not have the role
   */
  SecurityContext enter(Method method, HttpServletRequest request) {
    return request.getAttribute(CALLER) instanceof SignedIn known && known.method.equals(method)
        ? known
        : enter(method, Head.of(request));
  }

  /** The same for a request that is known by its head. */
  SecurityContext enter(Method method, Head head) {
    if (method.isAnnotationPresent(Public.class)) {
      return new SignedIn(method, () -> null, head.secure()); // credentials are ignored
    }
    Optional<Token> token = callers.header(head.headers(HttpHeaders.AUTHORIZATION));
    String cookie = token.isEmpty() ? cookie(head) : null;
    SignedIn caller =
        new SignedIn(
            method,
            cookie != null && isFromOwnPage(head)
                ? () -> callers.cookie(cookie)
                : () -> token.orElse(null),
            head.secure());
    if (!method.isAnnotationPresent(PermitAll.class)) {
      authorise(caller, method, head.method());
    }
    return caller;
  }

  private static @Nullable String cookie(Head head) {
    return head.headers(HttpHeaders.COOKIE).stream()
        .map(COOKIE::matcher)
        .filter(Matcher::find)
        .map(found -> found.group(1))
        .findFirst()
        .orElse(null);
  }

  private void authorise(SecurityContext caller, Method method, String verb) {
    Principal user = caller.getUserPrincipal();
    if (user == null) {
      throw Callers.required();
    }
    RolesAllowed roles = method.getAnnotation(RolesAllowed.class);
    if (roles == null || Arrays.stream(roles.value()).noneMatch(caller::isUserInRole)) {
      audit.record(
          user.getName(), Action.CALL, verb + " " + Routes.template(method), Outcome.REFUSED);
      throw new ForbiddenException("The token does not have the role that this call requires.");
    }
  }

  /**
   * Whether one of the studio's own pages sent the request; pages of other origins cannot forge
   * this.
   */
  private boolean isFromOwnPage(Head head) {
    String site = head.header("Sec-Fetch-Site");
    if (site != null) {
      return site.equals("same-origin");
    }
    String origin = head.header("Origin");
    return origin != null && origins.isOwn(origin, head.header(HttpHeaders.HOST));
  }

  /**
   * The caller of one request. A cookie is verified only when the principal is needed, because
   * browsers add it to every request.
   */
  private static final class SignedIn implements SecurityContext {

    /** The method that the caller was authorised for. */
    private final Method method;

    private final boolean secure;
    private @Nullable Supplier<@Nullable Token> source;
    private @Nullable Token token;

    SignedIn(Method method, Supplier<@Nullable Token> source, boolean secure) {
      this.method = method;
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
