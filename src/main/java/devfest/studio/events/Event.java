package devfest.studio.events;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Something that happened, before the log has given it a position.
 *
 * @param type what happened, for example {@code photo.uploaded}
 * @param visibility who sees it besides its owner
 * @param userId whose event it is; null when it belongs to nobody
 * @param channel the stream channel it belongs to
 * @param subjects what it is about, at most one of each kind; empty for nothing in particular
 * @param ends the key of the transient events that this event supersedes for good: none of them is
 *     delivered after it; null for none
 * @param data one JSON value as text, without raw line breaks
 */
public record Event(
    String type,
    Visibility visibility,
    String userId,
    String channel,
    List<Subject> subjects,
    String ends,
    String data) {

  /** The channel of everything that belongs to no feed. */
  public static final String STUDIO_CHANNEL = "events";

  /** The type of what has no name: on a stream a frame without one, as browsers call it. */
  public static final String UNNAMED = "message";

  public Event {
    Objects.requireNonNull(type);
    Objects.requireNonNull(visibility);
    Objects.requireNonNull(channel);
    Objects.requireNonNull(data);
    subjects = List.copyOf(subjects);
  }

  /** Begins an event of the type; its visibility, channel and data have to follow. */
  public static Builder of(String type) {
    return new Builder(type);
  }

  /** The name of its frame; null for one without a name. */
  public String name() {
    return type.equals(UNNAMED) ? null : type;
  }

  /** The same with other data. */
  public Event withData(String other) {
    return new Event(type, visibility, userId, channel, subjects, ends, other);
  }

  /** Collects the parts of an event. Used by one thread. */
  public static final class Builder {

    private final String type;
    private final List<Subject> subjects = new ArrayList<>(2);
    private Visibility visibility;
    private String userId;
    private String channel;
    private String ends;
    private String data;

    private Builder(String type) {
      this.type = type;
    }

    public Builder visibility(Visibility who) {
      visibility = who;
      return this;
    }

    /**
     * @param owner null when the event belongs to nobody
     */
    public Builder userId(String owner) {
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
    public Builder ends(String key) {
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
     * @throws NullPointerException when the visibility, the channel or the data is missing
     */
    public Event build() {
      return new Event(type, visibility, userId, channel, subjects, ends, data);
    }
  }
}
