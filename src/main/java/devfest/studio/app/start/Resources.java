package devfest.studio.app.start;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Clock;

/** Makes resources of the server injectable. */
@ApplicationScoped
public class Resources {

  /** Thread-safe: the server binds each call to the current transaction. */
  @Produces
  @PersistenceContext(unitName = "studio")
  @SuppressWarnings("unused") // CDI reads it
  private EntityManager em;

  @Produces
  Clock clock() {
    return Clock.systemUTC();
  }
}
