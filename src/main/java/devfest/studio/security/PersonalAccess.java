package devfest.studio.security;

import devfest.studio.personal.Export;
import devfest.studio.personal.Holding;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.util.List;

/** The tickets of a user, and the sessions whose token the studio keeps. */
@ApplicationScoped
class PersonalAccess implements Holding {

  private final EntityManager em;
  private final Sessions sessions;

  @Inject
  PersonalAccess(EntityManager em, Sessions sessions) {
    this.em = em;
    this.sessions = sessions;
  }

  @Override
  public String name() {
    return "sessions";
  }

  /** Without the tokens. */
  @Override
  public void export(String user, Export export) throws IOException {
    export.array("sessions.json", sessions.kept(user).iterator());
  }

  @Override
  @Transactional
  public boolean erase(String user) {
    int erased = 0;
    for (String entity : List.of("Ticket", "Session")) {
      erased +=
          em.createQuery("delete from " + entity + " s where s.userId = :user")
              .setParameter("user", user)
              .executeUpdate();
    }
    return erased > 0;
  }
}
