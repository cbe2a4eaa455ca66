package devfest.studio.http;

import devfest.studio.settings.Values;
import java.util.Optional;

/**
 * The URLs that are handed out.
 *
 * @param publicUrl the prefix of each, with the context path as clients see it
 */
public record LinkSettings(Optional<String> publicUrl) {

  public static LinkSettings from(Values values) {
    return new LinkSettings(values.url("studio.public-url"));
  }
}
