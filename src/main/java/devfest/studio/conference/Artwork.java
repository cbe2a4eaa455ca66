package devfest.studio.conference;

/** A PNG file with transparency, which the organisers choose. */
public enum Artwork {
  /** Stands beside the event's name. */
  LOGO,
  /** Is laid over every result that is rendered while it is set. */
  FRAME
}
