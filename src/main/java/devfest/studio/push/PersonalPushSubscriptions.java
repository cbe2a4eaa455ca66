package devfest.studio.push;

import devfest.studio.personal.Export;
import devfest.studio.personal.Holding;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;

/** The subscribed browsers of a user. */
@ApplicationScoped
class PersonalPushSubscriptions implements Holding {

  /** Per transaction. */
  private static final int BATCH = 100;

  private final PushSubscriptions subscriptions;

  @Inject
  PersonalPushSubscriptions(PushSubscriptions subscriptions) {
    this.subscriptions = subscriptions;
  }

  @Override
  public String name() {
    return "pushSubscriptions";
  }

  @Override
  public void export(String user, Export export) throws IOException {
    export.array(
        "push-subscriptions.json",
        Export.map(subscriptions.of(user).iterator(), PushSubscription::view));
  }

  @Override
  public boolean erase(String user) {
    return subscriptions.delete(user, BATCH) > 0;
  }
}
