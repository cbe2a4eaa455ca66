package devfest.studio.events;

import org.jspecify.annotations.Nullable;

/**
 * As whom events are looked at. The same answer decides about the live stream, replay and history.
 *
 * @param userId the viewer, null when anonymous
 * @param all whether the viewer sees everybody's events
 */
public record Audience(@Nullable String userId, boolean all) {

  /** The studio itself. */
  public static Audience everything() {
    return new Audience(null, true);
  }

  /**
   * @param userId null for an anonymous viewer, who sees what is public
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

  /** Whether the event is the viewer's own. */
  boolean isOwner(Event event) {
    return userId != null && userId.equals(event.userId());
  }
}
