package devfest.studio.app.http;

import devfest.studio.app.legacy.LiteralPaths;
import devfest.studio.app.transfer.Arrivals;
import devfest.studio.cluster.Cluster;
import devfest.studio.http.Links;
import devfest.studio.http.Problem;
import devfest.studio.http.Proxies;
import devfest.studio.http.Sender;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.control.ActivateRequestContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.Principal;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Admits requests with bodies by path, method, credentials and length, in this order. The table of
 * {@link Routes} and {@link SignIn} decide, as they do for requests without bodies. Thread-safe.
 */
@ApplicationScoped
public class Entrance implements Front {

  /** Methods whose requests must not have a body. */
  private static final Set<String> BODILESS = Set.of("GET", "HEAD", "OPTIONS", "DELETE", "TRACE");

  private static final Set<String> READ = Set.of("GET", "HEAD", "OPTIONS");

  /** Matrix parameters, which Jakarta REST ignores when it selects a method. */
  private static final Pattern PARAMETERS = Pattern.compile(";[^/]*");

  /** Jakarta REST does not decode it when it selects a method: it is part of a segment. */
  private static final Pattern ENCODED_SLASH = Pattern.compile("%(2[Ff])");

  private final Routes routes;
  private final SignIn signIn;
  private final BodyLimit limits;
  private final Proxies proxies;
  private final Links links;
  private final Sender sender;
  private final FailedAuthentications authentications;
  private final Cluster cluster;

  @Inject
  Entrance(
      Routes routes,
      SignIn signIn,
      BodyLimit limits,
      Proxies proxies,
      Links links,
      Sender sender,
      FailedAuthentications authentications,
      Cluster cluster) {
    this.routes = routes;
    this.signIn = signIn;
    this.limits = limits;
    this.proxies = proxies;
    this.links = links;
    this.sender = sender;
    this.authentications = authentications;
    this.cluster = cluster;
  }

  /** Whether requests with this method must not have a body. */
  public static boolean isBodiless(String method) {
    return BODILESS.contains(method);
  }

  @Override
  @ActivateRequestContext
  public Verdict admit(Head head) {
    Verdict verdict = decide(head);
    Refusal refusal = verdict.refusal();
    return refusal == null
        ? verdict
        : Verdict.refused(refusal.with(HeadersFilter.NODE, cluster.name()));
  }

  private Verdict decide(Head head) {
    if (isBodiless(head.method())) {
      return Verdict.refused(
          Refusal.of(
              Problem.badRequest("A request with " + head.method() + " must not have a body.")));
    }
    String raw = head.uri().substring(Math.min(head.uri().length(), links.contextPath().length()));
    String target = LiteralPaths.target(raw, head.method()).orElse(raw);
    String path;
    try {
      path =
          new URI(
                  ENCODED_SLASH
                      .matcher(PARAMETERS.matcher(target).replaceAll(""))
                      .replaceAll("%25$1"))
              .normalize()
              .getPath();
    } catch (URISyntaxException e) {
      return Verdict.refused(
          Refusal.of(Problem.badRequest("The path of the URI cannot be decoded.", e)));
    }
    if (!isCall(target) || !isCall(path)) {
      Set<String> methods = new TreeSet<>(LiteralPaths.methods(raw));
      methods.add("OPTIONS");
      return Verdict.refused(Refusal.method(methods.size() > 1 ? methods : new TreeSet<>(READ)));
    }
    String call = path.substring(LiteralPaths.API.length()).replaceFirst("(?<=.)/+$", "");
    Routes.Match match = routes.find(call, head.method()).orElse(null);
    if (match == null) {
      return Verdict.refused(Refusal.NOT_FOUND);
    }
    if (match.method() == null) {
      return Verdict.refused(Refusal.method(match.allowed()));
    }
    String address =
        proxies.client(head.peer(), head.headers("Forwarded"), head.headers("X-Forwarded-For"));
    sender.setAddress(address);
    try {
      SecurityContext caller = signIn.enter(match.method(), head);
      Principal user = caller.getUserPrincipal();
      long limit = limits.of(call, head.header("Content-Type"));
      if (head.length() > limit) {
        return Verdict.refused(Refusal.of(Arrivals.tooLarge(limit)));
      }
      String owner = user == null ? address : user.getName();
      return new Verdict(null, caller, owner, user == null, limit);
    } catch (NotAuthorizedException e) {
      return Verdict.refused(
          Refusal.isInvalid(e)
              ? authentications
                  .count(address)
                  .map(Refusal::of)
                  .orElseGet(() -> Refusal.of(e, links))
              : Refusal.of(e, links));
    } catch (RuntimeException e) {
      return Verdict.refused(Refusal.of(e, links));
    }
  }

  private static boolean isCall(String path) {
    return path.startsWith(LiteralPaths.API + "/");
  }
}
