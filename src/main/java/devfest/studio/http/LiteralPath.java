package devfest.studio.http;

import jakarta.servlet.http.HttpServletRequest;

/** The literal (legacy) path of a forwarded request. */
public final class LiteralPath {

  private static final String ATTRIBUTE = "studio.literal-path";

  private LiteralPath() {}

  /** Records the literal path on a request that is about to be forwarded. */
  public static void note(HttpServletRequest request, String path) {
    request.setAttribute(ATTRIBUTE, path);
  }

  /** Whether the client used any literal path. */
  public static boolean isAny(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) != null;
  }

  /** Whether the client used this literal path. */
  public static boolean is(HttpServletRequest request, String path) {
    return path.equals(request.getAttribute(ATTRIBUTE));
  }
}
