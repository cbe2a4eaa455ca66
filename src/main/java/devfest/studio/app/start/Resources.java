package devfest.studio.app.start;

import devfest.studio.app.database.DatabaseSettings;
import devfest.studio.cluster.Topology;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;

/** Makes resources of the server injectable. */
@ApplicationScoped
public class Resources {

  /** Thread-safe: the server binds each call to the current transaction. */
  @Produces
  @PersistenceContext(unitName = "studio")
  @SuppressWarnings("unused") // CDI reads it
  private EntityManager em;

  @Produces
  Topology topology(DatabaseSettings database) {
    return new Topology(database.url().isPresent());
  }
}
