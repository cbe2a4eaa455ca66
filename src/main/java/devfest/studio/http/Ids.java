package devfest.studio.http;

import java.util.regex.Pattern;

/** The format of the ids of photos and transformations. */
public final class Ids {

  private static final Pattern ID = Pattern.compile("[0-9a-f-]{36}");

  private Ids() {}

  /**
   * Whether the text has the format of an id. Other texts must not reach the database, which
   * rejects some.
   */
  public static boolean possible(String text) {
    return ID.matcher(text).matches();
  }
}
