package devfest.studio.feed;

import devfest.studio.events.Event;
import devfest.studio.security.Caller;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** A feed as the package describes it: polls, each on a channel of its own. */
class Polls implements Ending<Scope.Thing>, PerId<Scope.Thing> {

  /** The votes of each poll; negative when it is closed. */
  final Map<String, Integer> votes = new HashMap<>();

  @Override
  public String channel() {
    return "polls";
  }

  @Override
  public Optional<Scope.Thing> scope(Caller caller, String id) {
    return Optional.of(id).filter(votes::containsKey).map(Scope.Thing::new);
  }

  @Override
  public List<String> ids(Caller caller) {
    return List.copyOf(votes.keySet());
  }

  @Override
  public Snapshot snapshot(Scope.Thing poll) {
    return Snapshot.of(new Message("question", "why?"), state(poll).get(0));
  }

  @Override
  public List<Message> state(Scope.Thing poll) {
    return List.of(new Message("votes", Math.abs(votes.get(poll.id()))));
  }

  @Override
  public Optional<Predicate<Scope>> changes(Event event) {
    return Scope.Thing.on(channel(), event);
  }

  @Override
  public Optional<String> end(Scope.Thing poll) {
    return votes.get(poll.id()) < 0 ? Optional.of("9") : Optional.empty();
  }
}
