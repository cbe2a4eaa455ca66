package devfest.studio.feed;

import devfest.studio.events.Event;
import devfest.studio.events.Occurrence;
import devfest.studio.hub.Shape;
import devfest.studio.sse.Frame;
import jakarta.json.bind.Jsonb;
import org.jspecify.annotations.Nullable;

/**
 * The shape of events on the stream of several channels: unnamed frames with the channel in their
 * data.
 */
class ChannelShape extends Shape {

  private final Catalogue catalogue;
  private final Jsonb json;

  ChannelShape(Catalogue catalogue, Jsonb json) {
    this.catalogue = catalogue;
    this.json = json;
  }

  @Override
  public final @Nullable Frame frame(Occurrence occurrence) {
    Event event = occurrence.event();
    String channel = event.channel();
    if (channel.equals(Event.STUDIO_CHANNEL)) {
      return studioFrame(occurrence);
    }
    return catalogue
        .item(event)
        .map(item -> frame(occurrence.id(), channel, item.name(), json.toJson(item.data())))
        .orElse(null);
  }

  /** The frame of an event of the studio itself, which keeps its envelope. */
  protected @Nullable Frame studioFrame(Occurrence occurrence) {
    return CHANNEL.frame(occurrence);
  }

  /**
   * The frame of an event of a feed.
   *
   * @param id null for none
   * @param data JSON
   */
  protected Frame frame(@Nullable String id, String channel, String name, String data) {
    return Frame.event(id, null, "{" + members(channel, name, data) + '}');
  }

  static String members(String channel, String name, String data) {
    return "\"channel\":\"%s\",\"event\":\"%s\",\"data\":%s".formatted(channel, name, data);
  }
}
