package devfest.studio.feed;

import devfest.studio.events.Event;
import devfest.studio.publish.ReservedChannels;
import devfest.studio.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The feeds of the studio, by their channels. Safe for use from many threads. */
@ApplicationScoped
public class Catalogue implements ReservedChannels {

  private static final Pattern TAIL = Pattern.compile("[./_-]+$");

  private final List<Feed<?>> feeds;
  private final Map<String, List<Feed<?>>> channels = new LinkedHashMap<>();

  @Inject
  Catalogue(@Any Instance<Feed<?>> beans) {
    this(beans.stream().toList());
  }

  Catalogue(List<Feed<?>> found) {
    feeds =
        found.stream()
            .sorted(Comparator.comparing((Feed<?> feed) -> feed.getClass().getName()))
            .toList();
    feeds.forEach(
        feed -> channels.computeIfAbsent(feed.channel(), c -> new ArrayList<>()).add(feed));
  }

  List<Feed<?>> feeds() {
    return feeds;
  }

  /** The names of all channels, with the placeholder {@code {id}} for ids. */
  Set<String> names() {
    Set<String> names = new TreeSet<>(Set.of(Event.STUDIO_CHANNEL));
    channels.forEach(
        (name, onChannel) ->
            onChannel.forEach(feed -> names.add(feed instanceof PerId ? name + "/{id}" : name)));
    return names;
  }

  /**
   * Also reserves names that look the same: in other case, or with dots, slashes, hyphens or
   * underscores at the end.
   */
  @Override
  public boolean reserves(String channel) {
    if (channel.equals(Event.STUDIO_CHANNEL)) {
      return false; // publishers share it with the studio
    }
    String lower = channel.toLowerCase(Locale.ROOT);
    String plain = TAIL.matcher(lower).replaceFirst("");
    return plain.equals(Event.STUDIO_CHANNEL) || !on(lower).isEmpty() || !on(plain).isEmpty();
  }

  /** The feeds on the channel. */
  List<Feed<?>> on(String channel) {
    int slash = channel.indexOf('/');
    String name = slash < 0 ? channel : channel.substring(0, slash);
    List<Feed<?>> found = new ArrayList<>(channels.getOrDefault(name, List.of()));
    found.removeIf(feed -> feed instanceof PerId != slash >= 0);
    return found;
  }

  /**
   * The caller's view of each feed of the channel; empty if the caller may not follow all of them.
   */
  Optional<List<FeedView<?>>> views(String channel, Caller caller) {
    String id = channel.substring(channel.indexOf('/') + 1);
    List<FeedView<?>> views = new ArrayList<>();
    for (Feed<?> feed : on(channel)) {
      Optional<? extends FeedView<?>> view =
          feed instanceof PerId<?> perId
              ? FeedView.of(perId, id, caller)
              : FeedView.of(feed, caller);
      if (view.isEmpty()) {
        return Optional.empty();
      }
      views.add(view.get());
    }
    return Optional.of(views);
  }

  /** Every channel that the caller may follow. */
  List<String> all(Caller caller) {
    List<String> all = new ArrayList<>();
    channels.forEach(
        (name, onChannel) -> {
          if (!on(name).isEmpty() && views(name, caller).isPresent()) {
            all.add(name);
          }
          for (Feed<?> feed : onChannel) {
            if (feed instanceof PerId<?> perId) {
              perId.ids(caller).forEach(id -> all.add(name + '/' + id));
            }
          }
        });
    return all;
  }

  /** The event as an item of a feed on its channel; empty if no feed sends it as an item. */
  Optional<Feed.Message> item(Event event) {
    for (Feed<?> feed : on(event.channel())) {
      Optional<Feed.Message> item =
          feed instanceof Items items ? items.item(event) : Optional.empty();
      if (item.isPresent()) {
        return item;
      }
    }
    return Optional.empty();
  }
}
