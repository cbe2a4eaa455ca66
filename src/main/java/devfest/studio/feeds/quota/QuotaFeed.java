package devfest.studio.feeds.quota;

import devfest.studio.events.Event;
import devfest.studio.feed.Scope;
import devfest.studio.feed.StateFeed;
import devfest.studio.security.Caller;
import devfest.studio.transformations.Quota;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The quota of the caller. */
@ApplicationScoped
public class QuotaFeed implements StateFeed<Scope.Own> {

  static final String CHANNEL = "quota";

  /** The data of a frame. */
  public record View(String type, Quota.State quota) {}

  private final Quota quota;

  @Inject
  QuotaFeed(Quota quota) {
    this.quota = quota;
  }

  @Override
  public String channel() {
    return CHANNEL;
  }

  @Override
  public Optional<Scope.Own> scope(Caller caller) {
    return Scope.own(caller); // also for an admin
  }

  @Override
  public Snapshot snapshot(Scope.Own scope) {
    return Snapshot.of(message("quota", scope));
  }

  @Override
  public List<Message> state(Scope.Own scope) {
    return List.of(message("quota-update", scope));
  }

  private Message message(String name, Scope.Own scope) {
    return new Message(name, new View(name, quota.of(scope.user())));
  }

  /**
   * Other nodes append no event for a queued transformation, so changes there become visible with
   * its next step.
   */
  @Override
  public Optional<Predicate<Scope>> changes(Event event) {
    return switch (event.type()) {
      case "transformation.started", "transformation.failed", "transformation.cancelled" ->
          Optional.ofNullable(event.userId()).map(user -> Predicate.isEqual(new Scope.Own(user)));
      default -> Optional.empty();
    };
  }
}
