package devfest.studio.app.http;

import java.util.List;
import java.util.regex.Pattern;

/** The {@code Host} header (RFC 9112 § 3.2). Servers accept several of them, and any characters. */
final class Host {

  private static final Pattern SYNTAX =
      Pattern.compile("(?:[A-Za-z0-9._~-]{1,255}|\\[[0-9A-Fa-f:.]{2,45}])(?::\\d{1,5})?");

  private Host() {}

  /** Whether the values of all {@code Host} headers name at most one host, in a valid form. */
  static boolean isValid(List<String> values) {
    return values.isEmpty() // HTTP/1.0
        || (values.size() == 1 && SYNTAX.matcher(values.get(0)).matches());
  }
}
