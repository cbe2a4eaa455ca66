package devfest.studio.stream;

import devfest.studio.cluster.Message;
import devfest.studio.events.Event;
import devfest.studio.events.Subject;
import devfest.studio.events.Visibility;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;

/** Events in messages between nodes. */
final class EventJson {

  private EventJson() {}

  static JsonObject of(Event event) {
    JsonObjectBuilder json =
        Message.JSON
            .createObjectBuilder()
            .add("type", event.type())
            .add("visibility", event.visibility().name())
            .add("channel", event.channel())
            .add("data", event.data());
    if (event.userId() != null) {
      json.add("userId", event.userId());
    }
    if (event.publicId() != null) {
      json.add("publicId", event.publicId());
    }
    if (event.ends() != null) {
      json.add("ends", event.ends());
    }
    JsonArrayBuilder subjects = Message.JSON.createArrayBuilder();
    for (Subject subject : event.subjects()) {
      subjects.add(Message.JSON.createArrayBuilder().add(subject.kind()).add(subject.id()));
    }
    return json.add("subjects", subjects).build();
  }

  /**
   * @throws RuntimeException if the object is not an event
   */
  static Event event(JsonObject json) {
    Event.Builder event =
        Event.of(json.getString("type"))
            .visibility(Visibility.valueOf(json.getString("visibility")))
            .userId(json.getString("userId", null))
            .channel(json.getString("channel"))
            .ends(json.getString("ends", null))
            .data(json.getString("data"));
    json.getJsonArray("subjects").stream()
        .map(pair -> pair.asJsonArray().getValuesAs(JsonString::getString))
        .forEach(pair -> event.about(pair.get(0), pair.get(1)));
    String publicId = json.getString("publicId", null);
    return publicId == null ? event.build() : event.build().under(user -> publicId);
  }
}
