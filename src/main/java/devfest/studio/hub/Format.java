package devfest.studio.hub;

/** The format of a stream, as its client requested it. */
public record Format(Shape shape, Heartbeat heartbeat) {

  /** Events in envelopes, and heartbeats as comments. */
  public static final Format DEFAULT = new Format(Shape.ENVELOPE, Heartbeat.COMMENT);
}
