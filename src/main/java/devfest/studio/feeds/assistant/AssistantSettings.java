package devfest.studio.feeds.assistant;

import devfest.studio.settings.Values;
import java.time.Duration;
import java.util.Optional;

/**
 * The model that answers prompts.
 *
 * @param baseUrl of an endpoint with OpenAI's protocol; empty for the built-in caption writer
 * @param timeout after which a silent model is abandoned
 */
public record AssistantSettings(
    Optional<String> baseUrl, Optional<String> apiKey, Optional<String> model, Duration timeout) {

  public static AssistantSettings from(Values values) {
    return new AssistantSettings(
        values.url("studio.assistant.base-url"),
        values.secret("studio.assistant.api-key"),
        values.text("studio.assistant.model"),
        values.duration("studio.assistant.timeout", "PT30S", "PT0.1S", "PT10M"));
  }
}
