package devfest.studio.feeds.github;

import devfest.studio.events.Changed;
import devfest.studio.http.Links;
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

/** The webhooks of a user and the deliveries to them. Secrets are not exported. */
@ApplicationScoped
class PersonalHooks implements Holding {

  /** Per transaction. */
  private static final int BATCH = 100;

  private final EntityManager em;
  private final Hooks hooks;
  private final Deliveries deliveries;
  private final Links links;
  private final Event<Changed> changed;

  @Inject
  PersonalHooks(
      EntityManager em, Hooks hooks, Deliveries deliveries, Links links, Event<Changed> changed) {
    this.em = em;
    this.hooks = hooks;
    this.deliveries = deliveries;
    this.links = links;
    this.changed = changed;
  }

  @Override
  public String name() {
    return "hooks";
  }

  @Override
  @Transactional
  public Map<String, Long> counts(Collection<String> users) {
    return Rows.counts(em, "Hook", users);
  }

  @Override
  public void export(String user, Export export) throws IOException {
    export.array(
        "hooks.json",
        Export.map(hooks.of(user).iterator(), hook -> HooksResource.View.of(hook, null, links)));
    Iterator<Delivery> received =
        Export.pages(last -> deliveries.of(user, below(last), Export.PAGE));
    export.array("deliveries.json", Export.map(received, Delivery::item));
  }

  private static long below(@Nullable Delivery last) {
    return last == null ? Long.MAX_VALUE : last.position();
  }

  @Override
  @Transactional
  public boolean erase(String user) {
    int erased = hooks.deleteAll(user) + deliveries.delete(user, BATCH);
    if (erased > 0) {
      changed.fire(new Changed(Deliveries.CHANNEL, null));
    }
    return erased > 0;
  }
}
