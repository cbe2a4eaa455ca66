package devfest.studio.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cloudevents.CloudEvent;
import io.cloudevents.jackson.JsonFormat;
import java.util.Objects;

/** Reads CloudEvents as another system does. */
public final class Cloud {

  private static final JsonFormat FORMAT = new JsonFormat();

  private Cloud() {}

  /** Fails unless the JSON is a valid CloudEvent. */
  public static CloudEvent read(String json) {
    return FORMAT.deserialize(json.getBytes(UTF_8));
  }

  /** The data as JSON. */
  public static String data(CloudEvent event) {
    return new String(Objects.requireNonNull(event.getData()).toBytes(), UTF_8);
  }
}
