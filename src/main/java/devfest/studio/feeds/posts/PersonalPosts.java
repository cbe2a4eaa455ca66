package devfest.studio.feeds.posts;

import devfest.studio.events.Changed;
import devfest.studio.http.Cursor;
import devfest.studio.personal.Export;
import devfest.studio.personal.Holding;
import devfest.studio.personal.Rows;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The posts of a user. */
@ApplicationScoped
class PersonalPosts implements Holding {

  /** Per transaction. */
  private static final int BATCH = 100;

  private final EntityManager em;
  private final Posts posts;
  private final Event<Changed> changed;

  @Inject
  PersonalPosts(EntityManager em, Posts posts, Event<Changed> changed) {
    this.em = em;
    this.posts = posts;
    this.changed = changed;
  }

  @Override
  public String name() {
    return "posts";
  }

  @Override
  @Transactional
  public Map<String, Long> counts(Collection<String> users) {
    return Rows.counts(em, "Post", users);
  }

  @Override
  public void export(String user, Export export) throws IOException {
    Iterator<Post> all = Export.pages(last -> posts.of(user, after(last), Export.PAGE));
    export.array("posts.json", Export.map(all, Post::view));
  }

  private static Cursor after(@Nullable Post last) {
    return last == null ? Cursor.START : new Cursor(last.createdAt(), last.id());
  }

  @Override
  @Transactional
  public boolean erase(String user) {
    int erased = posts.delete(user, BATCH);
    if (erased > 0) {
      changed.fire(new Changed(Posts.CHANNEL, null));
    }
    return erased > 0;
  }
}
