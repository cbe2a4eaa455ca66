package devfest.studio.sse;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import java.lang.reflect.Type;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event whose data is text. Needs no {@code Sse}, so it can be built outside a request; an
 * {@link Encoder} converts other events to it. Immutable.
 *
 * @param id null for none
 * @param name null for an unnamed event
 * @param data any text; null for an event with only an id, a comment or a delay
 * @param comment any text, null for none
 * @param reconnectDelay milliseconds, or {@link #RECONNECT_NOT_SET}
 */
public record TextEvent(
    @Nullable String id,
    @Nullable String name,
    @Nullable String data,
    @Nullable String comment,
    long reconnectDelay)
    implements OutboundSseEvent {

  /**
   * @throws NullPointerException if the data is null
   */
  public TextEvent(@Nullable String id, @Nullable String name, String data) {
    this(id, name, Objects.requireNonNull(data, "data"), null, RECONNECT_NOT_SET);
  }

  @Override
  public @Nullable String getId() {
    return id;
  }

  @Override
  public @Nullable String getName() {
    return name;
  }

  @Override
  public @Nullable String getData() {
    return data;
  }

  @Override
  public @Nullable Class<?> getType() {
    return data == null ? null : String.class;
  }

  @Override
  public @Nullable Type getGenericType() {
    return getType();
  }

  @Override
  public MediaType getMediaType() {
    return MediaType.TEXT_PLAIN_TYPE;
  }

  @Override
  public @Nullable String getComment() {
    return comment;
  }

  @Override
  public long getReconnectDelay() {
    return reconnectDelay;
  }

  @Override
  public boolean isReconnectDelaySet() {
    return reconnectDelay > RECONNECT_NOT_SET;
  }
}
