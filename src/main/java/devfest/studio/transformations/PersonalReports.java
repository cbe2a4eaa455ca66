package devfest.studio.transformations;

import devfest.studio.personal.Export;
import devfest.studio.personal.Holding;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The pictures that a user has reported. */
@ApplicationScoped
class PersonalReports implements Holding {

  /**
   * What is exported.
   *
   * @param settledAt when an organiser has decided about the picture since; null if not yet
   */
  public record View(
      String transformationId, String reason, Instant reportedAt, @Nullable Instant settledAt) {}

  private final EntityManager em;

  @Inject
  PersonalReports(EntityManager em) {
    this.em = em;
  }

  @Override
  public String name() {
    return "reports";
  }

  @Override
  @Transactional
  public void export(String user, Export export) throws IOException {
    List<View> views =
        em
            .createQuery(
                "select r from Report r where r.key.userId = :user order by r.reportedAt",
                Report.class)
            .setParameter("user", user)
            .getResultList()
            .stream()
            .map(
                each ->
                    new View(
                        each.transformationId(),
                        each.reason(),
                        each.reportedAt(),
                        each.settledAt()))
            .toList();
    export.array("reports.json", views.iterator());
  }

  @Override
  @Transactional
  public boolean erase(String user) {
    return em.createQuery("delete from Report r where r.key.userId = :user")
            .setParameter("user", user)
            .executeUpdate()
        > 0;
  }
}
