package devfest.studio.webhooks;

import java.util.Locale;

/** How the events of a batch are written. */
enum Format {

  /** A JSON object with the envelopes of the events, as streams send them. */
  STANDARD("application/json"),

  /** CloudEvents 1.0, as a batch (JSON Event Format § 4). */
  CLOUDEVENTS("application/cloudevents-batch+json");

  private final String mediaType;

  Format(String mediaType) {
    this.mediaType = mediaType;
  }

  String mediaType() {
    return mediaType;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
