package devfest.studio.events;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Selects events: those that the audience may see, narrowed by type, channel, subject and owner.
 * Immutable.
 *
 * @param types names, or prefixes that end in {@code *}; empty for all types
 * @param channels names of channels; empty for all channels
 * @param subjects the things that an event must be about, all of them; empty for no restriction
 * @param userId the owner of the events; null for any owner
 */
public record Filter(
    Audience audience,
    List<String> types,
    List<String> channels,
    List<Subject> subjects,
    @Nullable String userId) {

  private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9_.-]{0,64}\\*?");

  /** The syntax of channel names. */
  public static final Pattern CHANNEL = Pattern.compile("[A-Za-z][A-Za-z0-9_./-]{0,79}");

  /** Matching compares every event with every pattern, so their number is bounded. */
  private static final int MAX_PATTERNS = 50;

  public Filter {
    Objects.requireNonNull(audience);
    types = List.copyOf(types);
    channels = List.copyOf(channels);
    subjects = List.copyOf(subjects);
    if (types.size() > MAX_PATTERNS || channels.size() > MAX_PATTERNS) {
      throw new IllegalArgumentException(
          "A filter has at most " + MAX_PATTERNS + " types and " + MAX_PATTERNS + " channels.");
    }
    if (!channels.stream().allMatch(channel -> CHANNEL.matcher(channel).matches())) {
      throw new IllegalArgumentException(
          "channels must be a comma-separated list of names that match " + CHANNEL.pattern() + ".");
    }
    for (String type : types) {
      if (!TYPE.matcher(type).matches()) {
        throw new IllegalArgumentException(
            "types must be a comma-separated list of names, or prefixes that end in '*'.");
      }
    }
  }

  /** Every event that the audience may see. */
  public static Filter of(Audience audience) {
    return new Filter(audience, List.of(), List.of(), List.of(), null);
  }

  /** Returns a copy for another audience. */
  public Filter withAudience(Audience other) {
    return new Filter(other, types, channels, subjects, userId);
  }

  /** Returns a copy with these channels. */
  public Filter withChannels(List<String> these) {
    return new Filter(audience, types, these, subjects, userId);
  }

  /** Returns a copy with these types. */
  public Filter withTypes(List<String> these) {
    return new Filter(audience, these, channels, subjects, userId);
  }

  /** Splits a comma-separated list and drops empty elements; null gives an empty list. */
  public static List<String> list(@Nullable String commaList) {
    return commaList == null
        ? List.of()
        : Arrays.stream(commaList.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }

  public boolean matches(Event event) {
    return audience.sees(event)
        && (types.isEmpty() || includes(types, event.type()))
        && (channels.isEmpty() || (channels.contains(event.channel()) && isForViewer(event)))
        && (subjects.isEmpty() || event.subjects().containsAll(subjects))
        && (userId == null || userId.equals(event.userId()));
  }

  /** On its channel, a personal event is for its owner alone, even if the viewer is an admin. */
  private boolean isForViewer(Event event) {
    return event.visibility() != Visibility.PERSONAL
        || audience.isOwner(event)
        || audience.equals(Audience.everything());
  }

  /**
   * Whether the type is one of the names or begins with one of the prefixes. A plain loop, because
   * it runs for every event and subscription.
   */
  static boolean includes(List<String> patterns, String type) {
    for (String pattern : patterns) {
      int last = pattern.length() - 1;
      boolean prefix = last >= 0 && pattern.charAt(last) == '*';
      if (prefix ? type.regionMatches(0, pattern, 0, last) : pattern.equals(type)) {
        return true;
      }
    }
    return false;
  }
}
