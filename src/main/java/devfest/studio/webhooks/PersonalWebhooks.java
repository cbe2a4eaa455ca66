package devfest.studio.webhooks;

import devfest.studio.personal.Export;
import devfest.studio.personal.Holding;
import devfest.studio.personal.Rows;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;

/** The webhooks of a user. */
@ApplicationScoped
class PersonalWebhooks implements Holding {

  /** Per transaction. */
  private static final int BATCH = 100;

  private final EntityManager em;
  private final Webhooks webhooks;

  @Inject
  PersonalWebhooks(EntityManager em, Webhooks webhooks) {
    this.em = em;
    this.webhooks = webhooks;
  }

  @Override
  public String name() {
    return "webhooks";
  }

  @Override
  @Transactional
  public Map<String, Long> counts(Collection<String> users) {
    return Rows.counts(em, "Webhook", users);
  }

  @Override
  public void export(String user, Export export) throws IOException {
    export.array(
        "webhooks.json", Export.map(webhooks.of(user).iterator(), webhook -> webhook.view(null)));
  }

  @Override
  @Transactional
  public boolean erase(String user) {
    return webhooks.delete(user, BATCH) > 0;
  }
}
