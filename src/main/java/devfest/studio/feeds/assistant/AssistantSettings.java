package devfest.studio.feeds.assistant;

import devfest.studio.settings.Values;
import java.time.Duration;
import java.util.Optional;

/**
 * Settings of the model that answers prompts.
 *
 * @param baseUrl URL of an endpoint with the OpenAI protocol; empty for the built-in caption writer
 * @param apiKey key for the endpoint, if it needs one
 * @param model name of the model; empty for the default
 * @param timeout maximum silence of the model before the answer is abandoned
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
