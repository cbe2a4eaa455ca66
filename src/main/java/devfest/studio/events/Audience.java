package devfest.studio.events;

import org.jspecify.annotations.Nullable;

/**
 * The viewer whose permissions decide which events are visible. Live streams, replay and history
 * use the same rules. Immutable.
 *
 * @param userId the viewer, null when anonymous
 * @param all whether the viewer sees the events of all users
 */
public record Audience(@Nullable String userId, boolean all) {

  /** The audience of the studio itself, which sees every event. */
  public static Audience everything() {
    return new Audience(null, true);
  }

  /**
   * @param userId null for an anonymous viewer, who sees public events only
   */
  public static Audience of(@Nullable String userId, boolean admin) {
    return new Audience(userId, admin);
  }

  public boolean sees(Event event) {
    return switch (event.visibility()) {
      case PUBLIC -> true;
      case SHARED -> all || userId != null;
      case PRIVATE, PERSONAL -> all || isOwner(event);
    };
  }

  /** Whether the viewer owns the event. */
  boolean isOwner(Event event) {
    return userId != null && userId.equals(event.userId());
  }
}
