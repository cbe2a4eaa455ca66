package devfest.studio.guests;

import devfest.studio.personal.Export;
import devfest.studio.personal.Holding;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** That a user came in with a pass, and the name that others see. */
@ApplicationScoped
class PersonalGuest implements Holding {

  /** What is exported. */
  public record View(String name, Instant joinedAt) {}

  private final EntityManager em;

  @Inject
  PersonalGuest(EntityManager em) {
    this.em = em;
  }

  @Override
  public String name() {
    return "guests";
  }

  @Override
  @Transactional
  public void export(String user, Export export) throws IOException {
    Guest guest = em.find(Guest.class, user);
    List<View> views =
        guest == null ? List.of() : List.of(new View(guest.name(), guest.joinedAt()));
    export.array("guest.json", views.iterator());
  }

  @Override
  @Transactional
  public boolean erase(String user) {
    return em.createQuery("delete from Guest g where g.userId = :user")
            .setParameter("user", user)
            .executeUpdate()
        > 0;
  }
}
