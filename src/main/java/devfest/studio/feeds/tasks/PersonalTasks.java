package devfest.studio.feeds.tasks;

import devfest.studio.http.Cursor;
import devfest.studio.http.Links;
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
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tasks of a user, with their archives and results. */
@ApplicationScoped
class PersonalTasks implements Holding {

  /** Per transaction. */
  private static final int BATCH = 50;

  private final EntityManager em;
  private final Tasks tasks;
  private final Links links;

  @Inject
  PersonalTasks(EntityManager em, Tasks tasks, Links links) {
    this.em = em;
    this.tasks = tasks;
    this.links = links;
  }

  @Override
  public String name() {
    return "tasks";
  }

  @Override
  @Transactional
  public Map<String, Long> counts(Collection<String> users) {
    return Rows.counts(em, "Task", users);
  }

  @Override
  public void export(String user, Export export) throws IOException {
    Iterator<Task> all = Export.pages(last -> tasks.newest(user, after(last), Export.PAGE));
    export.array(
        "tasks.json",
        Export.map(all, task -> TasksResource.View.of(task, tasks.photos(task.id()), links)));
  }

  private static Cursor after(@Nullable Task last) {
    return last == null ? Cursor.START : new Cursor(last.createdAt(), last.id());
  }

  @Override
  public boolean erase(String user) {
    return tasks.delete(user, BATCH) > 0;
  }
}
