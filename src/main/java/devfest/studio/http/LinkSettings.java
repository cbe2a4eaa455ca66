package devfest.studio.http;

import devfest.studio.settings.Values;
import java.util.Optional;

/**
 * Settings of the absolute URLs that the studio returns.
 *
 * @param publicUrl the prefix of these URLs, including the context path as clients see it
 */
public record LinkSettings(Optional<String> publicUrl) {

  public static LinkSettings from(Values values) {
    return new LinkSettings(values.url("studio.public-url"));
  }
}
