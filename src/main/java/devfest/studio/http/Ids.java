package devfest.studio.http;

import java.util.regex.Pattern;

/** What the ids of photos and transformations look like. */
public final class Ids {

  private static final Pattern ID = Pattern.compile("[0-9a-f-]{36}");

  private Ids() {}

  /**
   * Whether this may be an id; what may not is not looked up, since databases refuse some texts.
   */
  public static boolean possible(String text) {
    return ID.matcher(text).matches();
  }
}
