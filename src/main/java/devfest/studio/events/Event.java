package devfest.studio.events;

import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, before the log has given it a position.
 *
 * @param type what happened, for example {@code photo.uploaded}
 * @param visibility who sees it besides its owner
 * @param userId whose event it is; null when it belongs to nobody
 * @param channel the stream channel it belongs to
 * @param photoId the photo it is about, or null
 * @param transformationId the transformation it is about, or null
 * @param data one JSON value as text, without raw line breaks
 */
public record Event(
    String type,
    Visibility visibility,
    @Nullable String userId,
    String channel,
    @Nullable String photoId,
    @Nullable String transformationId,
    String data) {

  /** The channel of everything that happens to photos and transformations. */
  public static final String STUDIO_CHANNEL = "events";

  /** The type of what has no name: on a stream a frame without one, as browsers call it. */
  public static final String UNNAMED = "message";

  private static final Set<String> LAST_OF_A_JOB =
      Set.of("transformation.completed", "transformation.failed", "transformation.cancelled");

  public Event {
    Objects.requireNonNull(type);
    Objects.requireNonNull(visibility);
    Objects.requireNonNull(channel);
    Objects.requireNonNull(data);
  }

  /** What its frame is called; null for one without a name. */
  public @Nullable String name() {
    return type.equals(UNNAMED) ? null : type;
  }

  /** The same with other data. */
  public Event withData(String other) {
    return new Event(type, visibility, userId, channel, photoId, transformationId, other);
  }

  /** Whether no progress of its transformation is of interest any more. */
  public boolean endsJob() {
    return transformationId != null && LAST_OF_A_JOB.contains(type);
  }
}
