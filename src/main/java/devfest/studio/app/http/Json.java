package devfest.studio.app.http;

import devfest.studio.base.Millis;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.json.bind.JsonbConfig;
import jakarta.json.bind.serializer.JsonbSerializer;
import jakarta.json.bind.serializer.SerializationContext;
import jakarta.json.stream.JsonGenerator;
import jakarta.ws.rs.ext.ContextResolver;
import jakarta.ws.rs.ext.Provider;
import java.time.Instant;

/** Configures the JSON format: absent values are null, instants have milliseconds. */
@Provider
@ApplicationScoped
public class Json implements ContextResolver<Jsonb> {

  private static final Jsonb JSON =
      JsonbBuilder.create(
          new JsonbConfig().withNullValues(true).withSerializers(new InstantWriter()));

  @Override
  public Jsonb getContext(Class<?> type) {
    return JSON;
  }

  @Produces
  Jsonb jsonb() {
    return JSON;
  }

  /** Writes instants as {@link Millis#format} does. */
  public static final class InstantWriter implements JsonbSerializer<Instant> {

    @Override
    public void serialize(Instant instant, JsonGenerator generator, SerializationContext context) {
      generator.write(Millis.format(instant));
    }
  }
}
