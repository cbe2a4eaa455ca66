package devfest.studio.feed;

import devfest.studio.base.Millis;
import devfest.studio.events.Occurrence;
import devfest.studio.hub.Heartbeat;
import devfest.studio.sse.Frame;
import jakarta.json.bind.Jsonb;
import jakarta.json.spi.JsonProvider;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The events of a {@link ChannelShape} as messages of a WebSocket: JSON objects {@code {id?,
 * channel, event, data}}. A message has an id where the frame of a stream has one. Control messages
 * have no channel.
 */
final class MessageShape extends ChannelShape {

  private static final JsonProvider JSON = JsonProvider.provider();

  /** How an envelope without a position begins. */
  private static final String NO_ID = "\"id\":null,";

  MessageShape(Catalogue catalogue, Jsonb json) {
    super(catalogue, json);
  }

  @Override
  protected Frame studioFrame(Occurrence occurrence) {
    String channel = occurrence.event().channel();
    return Frame.message("{\"channel\":\"" + channel + "\"," + members(occurrence.json()) + '}');
  }

  @Override
  protected Frame frame(@Nullable String id, String channel, String name, String data) {
    return Frame.message('{' + idMember(id) + members(channel, name, data) + '}');
  }

  private static String idMember(@Nullable String id) {
    return id == null ? "" : "\"id\":" + JSON.createValue(id) + ',';
  }

  /** The members of an envelope; of the id only if it has one. */
  private static String members(String envelope) {
    String members = envelope.substring(1, envelope.length() - 1);
    return members.startsWith(NO_ID) ? members.substring(NO_ID.length()) : members;
  }

  @Override
  public Frame control(@Nullable String id, String type, Instant now, String data) {
    return Frame.message(
        "{%s\"event\":\"%s\",\"timestamp\":\"%s\",\"data\":%s}"
            .formatted(idMember(id), type, Millis.format(now), data));
  }

  /** A client of a WebSocket decides itself when it reconnects. */
  @Override
  public Frame opening(
      @Nullable String id, String type, Instant now, String data, long retryMillis) {
    return control(id, type, now, data);
  }

  /** The pings of the WebSocket replace comments. */
  @Override
  public @Nullable Frame heartbeat(Heartbeat heartbeat, Instant now) {
    return heartbeat == Heartbeat.COMMENT
        ? null
        : control(null, "heartbeat", now, Long.toString(now.toEpochMilli()));
  }
}
