package devfest.studio.app.start;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Clock;

/** What the server gives, made injectable. */
@ApplicationScoped
public class Resources {

  /** Shared and safe for many threads: the server binds it to the current transaction. */
  @Produces
  @PersistenceContext(unitName = "studio")
  @SuppressWarnings("unused") // by CDI
  private EntityManager em;

  @Produces
  Clock clock() {
    return Clock.systemUTC();
  }
}
