package devfest.studio.feed;

import devfest.studio.events.Event;
import devfest.studio.publish.ReservedChannels;
import devfest.studio.security.Caller;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The feeds that there are, by their channels. Safe for use from many threads. */
@ApplicationScoped
public class Catalogue implements ReservedChannels {

  @Inject @Any private Instance<Feed> beans;

  private List<Feed> feeds = List.of();
  private final Map<String, List<Feed>> channels = new LinkedHashMap<>();

  @PostConstruct
  void find() {
    feeds = beans.stream().sorted(Comparator.comparing(feed -> feed.getClass().getName())).toList();
    feeds.forEach(
        feed -> channels.computeIfAbsent(feed.channel(), c -> new ArrayList<>()).add(feed));
  }

  List<Feed> feeds() {
    return feeds;
  }

  /** The names of channels; of a feed of many with a place for the thing's id. */
  Set<String> names() {
    Set<String> names = new TreeSet<>(Set.of(Event.STUDIO_CHANNEL));
    channels.forEach(
        (name, its) ->
            its.forEach(feed -> names.add(feed.ofMany() ? name + "/{id}" : feed.channel())));
    return names;
  }

  @Override
  public boolean reserves(String channel) {
    return !on(channel).isEmpty();
  }

  /** The feeds whose channel this is. */
  List<Feed> on(String channel) {
    int slash = channel.indexOf('/');
    String name = slash < 0 ? channel : channel.substring(0, slash);
    return channels.getOrDefault(name, List.of()).stream()
        .filter(feed -> feed.ofMany() == slash >= 0)
        .toList();
  }

  /** The view that the caller has of each feed of the channel; empty when of one he has none. */
  Optional<Map<Feed, String>> views(String channel, Caller caller) {
    int slash = channel.indexOf('/');
    String id = slash < 0 ? null : channel.substring(slash + 1);
    Map<Feed, String> views = new LinkedHashMap<>();
    for (Feed feed : on(channel)) {
      Optional<String> view = feed.view(caller, id);
      if (view.isEmpty()) {
        return Optional.empty();
      }
      views.put(feed, view.get());
    }
    return Optional.of(views);
  }

  /** Every channel that the caller may follow. */
  List<String> all(Caller caller) {
    List<String> all = new ArrayList<>();
    channels.forEach(
        (name, its) -> {
          if (!on(name).isEmpty() && views(name, caller).isPresent()) {
            all.add(name);
          }
          its.forEach(feed -> feed.ids(caller).forEach(id -> all.add(name + '/' + id)));
        });
    return all;
  }

  /** The event as an item of the feed whose channel it is on. */
  Optional<Feed.Message> item(Event event) {
    return on(event.channel()).stream().flatMap(feed -> feed.item(event).stream()).findFirst();
  }
}
