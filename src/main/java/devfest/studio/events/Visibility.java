package devfest.studio.events;

import java.util.Locale;

/** Who may see a thing besides its owner. Lower case in JSON and parameters. */
public enum Visibility {
  /**
   * Admins, but not in a subscription to the channel itself, which contains only the subscriber's
   * own events. Clients cannot request it.
   */
  PERSONAL,
  /** Admins. */
  PRIVATE,
  /** Every caller with a token. Clients cannot request it. */
  SHARED,
  /** Every caller who may read public things. */
  PUBLIC;

  /**
   * @throws IllegalArgumentException if the text is neither {@code public} nor {@code private}
   */
  public static Visibility of(String text) {
    return switch (text) {
      case "public" -> PUBLIC;
      case "private" -> PRIVATE;
      default -> throw new IllegalArgumentException("visibility must be 'public' or 'private'.");
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
