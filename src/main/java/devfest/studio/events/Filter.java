package devfest.studio.events;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Which events a reader gets: those that its audience may see, narrowed by what it asked for.
 *
 * @param types names, or prefixes that end in {@code *}; empty for every type
 * @param channels empty for every channel
 * @param subjects what an event has to be about, all of them; empty for anything
 * @param userId only the events of this user, null for everybody's
 */
public record Filter(
    Audience audience,
    List<String> types,
    List<String> channels,
    List<Subject> subjects,
    String userId) {

  private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9_.-]{0,64}\\*?");

  /** What channels are called. */
  public static final Pattern CHANNEL = Pattern.compile("[A-Za-z][A-Za-z0-9_./-]{0,79}");

  private static final int MAX_PATTERNS = 50;

  public Filter {
    Objects.requireNonNull(audience);
    types = List.copyOf(types);
    channels = List.copyOf(channels);
    subjects = List.copyOf(subjects);
    if (types.size() > MAX_PATTERNS || channels.size() > MAX_PATTERNS) {
      throw new IllegalArgumentException("at most " + MAX_PATTERNS + " types or channels");
    }
    if (!channels.stream().allMatch(channel -> CHANNEL.matcher(channel).matches())) {
      throw new IllegalArgumentException("channels: names that match " + CHANNEL.pattern());
    }
    for (String type : types) {
      if (!TYPE.matcher(type).matches()) {
        throw new IllegalArgumentException("types: a name, or a prefix that ends in *");
      }
    }
  }

  /** Everything that the audience may see. */
  public static Filter of(Audience audience) {
    return new Filter(audience, List.of(), List.of(), List.of(), null);
  }

  /** The same for another audience. */
  public Filter seenBy(Audience other) {
    return new Filter(other, types, channels, subjects, userId);
  }

  /** The same on these channels only. */
  public Filter withChannels(List<String> these) {
    return new Filter(audience, types, these, subjects, userId);
  }

  /** The same of these types only. */
  public Filter withTypes(List<String> these) {
    return new Filter(audience, these, channels, subjects, userId);
  }

  /** The parts of a comma list; null and empty parts are left out. */
  public static List<String> list(String commaList) {
    return commaList == null
        ? List.of()
        : Arrays.stream(commaList.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }

  public boolean matches(Event event) {
    return audience.sees(event)
        && (types.isEmpty() || covers(event.type()))
        && (channels.isEmpty() || (channels.contains(event.channel()) && isForWhoAsks(event)))
        && (subjects.isEmpty() || event.subjects().containsAll(subjects))
        && (userId == null || userId.equals(event.userId()));
  }

  private boolean isForWhoAsks(Event event) {
    return event.visibility() != Visibility.PERSONAL
        || audience.isOwner(event)
        || audience.equals(Audience.everything());
  }

  /** A loop, since this is asked for each event and reader. */
  private boolean covers(String type) {
    for (String pattern : types) {
      int last = pattern.length() - 1;
      boolean prefix = last >= 0 && pattern.charAt(last) == '*';
      if (prefix ? type.regionMatches(0, pattern, 0, last) : pattern.equals(type)) {
        return true;
      }
    }
    return false;
  }
}
