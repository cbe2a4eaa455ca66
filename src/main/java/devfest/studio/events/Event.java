package devfest.studio.events;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event before the log assigns its position. Immutable.
 *
 * @param type the name of the event, for example {@code photo.uploaded}
 * @param visibility who may see the event besides its owner
 * @param userId the owner; null if the event has no owner
 * @param publicId the id under which readers see the owner; null for the user id itself
 * @param channel the channel that the event belongs to
 * @param subjects the things that the event is about, at most one of each kind; may be empty
 * @param ends the key of the transient events that this event supersedes: none of them is delivered
 *     after it; null for none
 * @param author the user who caused the event but does not own it; never sent to clients; null for
 *     none, and in an event that was read from the log
 * @param trace the step of a trace that caused the event, as in the header {@code traceparent};
 *     sent to webhooks only; null for none
 * @param data one JSON value as text, without raw line breaks
 */
public record Event(
    String type,
    Visibility visibility,
    @Nullable String userId,
    @Nullable String publicId,
    String channel,
    List<Subject> subjects,
    @Nullable String ends,
    @Nullable String author,
    @Nullable String trace,
    String data) {

  /** The channel of events that belong to no feed. */
  public static final String STUDIO_CHANNEL = "events";

  /** The type of unnamed events: browsers dispatch a frame without a name as {@code message}. */
  public static final String UNNAMED = "message";

  public Event {
    Objects.requireNonNull(type);
    Objects.requireNonNull(visibility);
    Objects.requireNonNull(channel);
    Objects.requireNonNull(data);
    subjects = List.copyOf(subjects);
  }

  /** Starts an event of the type. Its visibility, channel and data are required. */
  public static Builder of(String type) {
    return new Builder(type);
  }

  /** The name of the frame; null for an unnamed event. */
  public @Nullable String name() {
    return type.equals(UNNAMED) ? null : type;
  }

  /**
   * Returns a copy without data, author and trace, which filters ignore: events of the same kind
   * match the same filters.
   */
  public Event kind() {
    return new Event(
        type, visibility, userId, publicId, channel, subjects, ends, null, null, "null");
  }

  /**
   * Returns a copy that the user has caused. The owner of an event is not recorded as its author.
   */
  public Event by(String user) {
    return new Event(
        type,
        visibility,
        userId,
        publicId,
        channel,
        subjects,
        ends,
        user.equals(userId) ? null : user,
        trace,
        data);
  }

  /**
   * Returns a copy that was caused by a step of a trace, unless its cause is known.
   *
   * @param cause null for none
   */
  public Event tracedTo(@Nullable String cause) {
    return cause == null || trace != null
        ? this
        : new Event(
            type, visibility, userId, publicId, channel, subjects, ends, author, cause, data);
  }

  /** Returns a copy whose readers see the owner under the id that its visibility demands. */
  public Event under(Pseudonyms pseudonyms) {
    if (userId == null) {
      return this;
    }
    String shown = pseudonyms.of(userId, visibility);
    return shown.equals(userId)
        ? this
        : new Event(type, visibility, userId, shown, channel, subjects, ends, author, trace, data);
  }

  /** The owner's id as readers see it; null if the event has no owner. */
  public @Nullable String shownUserId() {
    return publicId == null ? userId : publicId;
  }

  /** Builds an event. Used by one thread. */
  public static final class Builder {

    private final String type;
    private final List<Subject> subjects = new ArrayList<>(2);
    private @Nullable Visibility visibility;
    private @Nullable String userId;
    private @Nullable String channel;
    private @Nullable String ends;
    private @Nullable String data;

    private Builder(String type) {
      this.type = type;
    }

    public Builder visibility(Visibility value) {
      visibility = value;
      return this;
    }

    /**
     * @param owner null if the event has no owner
     */
    public Builder userId(@Nullable String owner) {
      userId = owner;
      return this;
    }

    public Builder channel(String name) {
      channel = name;
      return this;
    }

    /** Adds a subject. */
    public Builder about(String kind, String id) {
      subjects.add(new Subject(kind, id));
      return this;
    }

    /**
     * @param key see {@link Event#ends()}; null for none
     */
    public Builder ends(@Nullable String key) {
      ends = key;
      return this;
    }

    /**
     * @param json one JSON value, without raw line breaks
     */
    public Builder data(String json) {
      data = json;
      return this;
    }

    /**
     * @throws NullPointerException if the visibility, the channel or the data is missing
     */
    public Event build() {
      return new Event(
          type,
          Objects.requireNonNull(visibility, "visibility"),
          userId,
          null,
          Objects.requireNonNull(channel, "channel"),
          subjects,
          ends,
          null,
          null,
          Objects.requireNonNull(data, "data"));
    }
  }
}
