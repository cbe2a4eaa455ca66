package devfest.studio.feeds.quota;

import devfest.studio.events.Event;
import devfest.studio.feed.Feed;
import devfest.studio.security.Caller;
import devfest.studio.transformations.Quota;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The caller's own quota. */
@ApplicationScoped
public class QuotaFeed implements Feed {

  static final String CHANNEL = "quota";

  /** What a frame holds. */
  public record View(String type, Quota.State quota) {}

  @Inject private Quota quota;

  @Override
  public String channel() {
    return CHANNEL;
  }

  @Override
  public Optional<String> view(Caller caller, String id) {
    return Optional.ofNullable(caller.userId()); // an admin's is no other
  }

  @Override
  public Snapshot snapshot(String user) {
    return new Snapshot(List.of(message("quota", user)), null);
  }

  @Override
  public List<Message> state(String user) {
    return List.of(message("quota-update", user));
  }

  private Message message(String name, String user) {
    return new Message(name, new View(name, quota.of(user)));
  }

  /** What other nodes accept is known here when it starts, if not before. */
  @Override
  public Optional<Predicate<String>> changes(Event event) {
    return switch (event.type()) {
      case "transformation.started", "transformation.failed", "transformation.cancelled" ->
          Optional.of(user -> user.equals(event.userId()));
      default -> Optional.empty();
    };
  }
}
