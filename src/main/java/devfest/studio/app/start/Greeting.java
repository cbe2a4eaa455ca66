package devfest.studio.app.start;

import devfest.studio.security.People;
import devfest.studio.security.Token;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.Principal;

/** Records each user, and the name that a valid token gives, at the first request with it. */
@Provider
public class Greeting implements ContainerRequestFilter {

  private static final Logger LOG = System.getLogger(Greeting.class.getName());

  @Inject private People people;

  @Override
  public void filter(ContainerRequestContext request) {
    Principal user = request.getSecurityContext().getUserPrincipal();
    if (user instanceof Token token && !people.remembers(token.caller())) {
      record(() -> people.note(token.caller()));
    }
  }

  /** Records a user. A failure is only logged, so that the request succeeds. */
  static void record(Runnable note) {
    try {
      note.run();
    } catch (RuntimeException e) {
      LOG.log(Level.DEBUG, "A user could not be recorded; the next request tries again", e);
    }
  }
}
