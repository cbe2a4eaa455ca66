package devfest.studio;

import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;

/** JSON of tests. {@code Json} searches the class path for its provider at each call. */
public final class TestJson {

  public static final JsonProvider JSON = JsonProvider.provider();

  private TestJson() {}

  public static JsonObject json(String text) {
    try (JsonReader reader = JSON.createReader(new StringReader(text))) {
      return reader.readObject();
    }
  }
}
