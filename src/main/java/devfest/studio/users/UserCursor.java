package devfest.studio.users;

import devfest.studio.http.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A position in the list of users. Its text form is opaque to clients. */
record UserCursor(String after) {

  /**
   * Returns the user after which the page begins.
   *
   * @param text null or empty for the start
   * @throws Problem 400 if the text is not a cursor
   */
  static String user(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return "";
    }
    try {
      String user = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
      if (user.indexOf('\0') < 0) { // which databases reject
        return user;
      }
    } catch (IllegalArgumentException e) {
      // reported below
    }
    throw Problem.badRequest("cursor must be the value of 'next' from the previous page.");
  }

  @Override
  public String toString() {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(after.getBytes(StandardCharsets.UTF_8));
  }
}
