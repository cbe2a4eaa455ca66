package devfest.studio.hub;

/** How a reader wants its stream to look. */
public record Format(Shape shape, Heartbeat heartbeat) {

  /** Envelopes, and comments for heartbeats. */
  public static final Format USUAL = new Format(Shape.ENVELOPE, Heartbeat.COMMENT);
}
