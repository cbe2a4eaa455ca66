package devfest.studio.feed;

import devfest.studio.personal.Holding;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** The counters of a user's things, which are subtracted from the sums over all users. */
@ApplicationScoped
class PersonalCounts implements Holding {

  private final Tally tally;

  @Inject
  PersonalCounts(Tally tally) {
    this.tally = tally;
  }

  @Override
  public String name() {
    return "counters";
  }

  @Override
  public boolean erase(String user) {
    return tally.forget(user);
  }
}
