package devfest.studio.events;

import java.util.Locale;

/** Who may see a thing besides its owner; admins see all. Lower case on the wire. */
public enum Visibility {
  /**
   * Admins, where they look at everything; who follows the channel itself gets his own alone,
   * whoever he is. Not for clients to ask for.
   */
  PERSONAL,
  /** Admins. */
  PRIVATE,
  /** Everybody who has a token. Not for clients to ask for. */
  SHARED,
  /** Everybody who may read public things. */
  PUBLIC;

  /**
   * @throws IllegalArgumentException when the text is neither {@code public} nor {@code private}
   */
  public static Visibility of(String text) {
    return switch (text) {
      case "public" -> PUBLIC;
      case "private" -> PRIVATE;
      default -> throw new IllegalArgumentException("visibility is 'public' or 'private'");
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
