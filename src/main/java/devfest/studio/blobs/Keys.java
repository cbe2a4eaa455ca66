package devfest.studio.blobs;

import java.util.regex.Pattern;

/** The syntax of keys, which is the same in every store. */
final class Keys {

  /** Names never start with a dot, so a key cannot refer to a file outside of its directory. */
  private static final Pattern KEY =
      Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");

  private Keys() {}

  /**
   * Returns the key.
   *
   * @throws IllegalArgumentException if it is not a valid key
   */
  static String check(String key) {
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException("Invalid blob key: " + key);
    }
    return key;
  }
}
