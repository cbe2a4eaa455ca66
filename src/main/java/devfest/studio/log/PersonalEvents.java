package devfest.studio.log;

import devfest.studio.events.LoggedEvent;
import devfest.studio.personal.Export;
import devfest.studio.personal.Holding;
import devfest.studio.personal.Rows;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The events that a user owns or has caused. Their positions remain. The totals by type remain,
 * too, because they are not personal.
 */
@ApplicationScoped
class PersonalEvents implements Holding {

  private final EntityManager em;
  private final EventLog log;
  private final LogReader reader;

  @Inject
  PersonalEvents(EntityManager em, EventLog log, LogReader reader) {
    this.em = em;
    this.log = log;
    this.reader = reader;
  }

  @Override
  public String name() {
    return "events";
  }

  @Override
  @Transactional
  public Map<String, Long> counts(Collection<String> users) {
    return Rows.counts(em, "EventRow", users);
  }

  @Override
  public void export(String user, Export export) throws IOException {
    export.lines(name() + ".jsonl", lines(last -> reader.ownedBy(user, after(last), Export.PAGE)));
    export.lines(
        "caused-events.jsonl", lines(last -> reader.causedBy(user, after(last), Export.PAGE)));
  }

  private static Iterator<String> lines(Function<@Nullable LoggedEvent, List<LoggedEvent>> after) {
    return Export.map(Export.pages(after), LoggedEvent::json);
  }

  private static long after(@Nullable LoggedEvent last) {
    return last == null ? 0 : last.position();
  }

  @Override
  @Transactional
  public boolean erase(String user) {
    List<Long> positions = positions("e.userId", user);
    if (positions.isEmpty()) {
      positions = positions("e.author", user);
    }
    if (positions.isEmpty()) {
      return false;
    }
    log.erase(positions);
    return true;
  }

  private List<Long> positions(String column, String user) {
    return em.createQuery(
            "select e.position from EventRow e where %s = :user order by e.position"
                .formatted(column),
            Long.class)
        .setParameter("user", user)
        .setMaxResults(EventLog.MAX_ERASED)
        .getResultList();
  }
}
