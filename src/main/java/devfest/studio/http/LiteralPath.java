package devfest.studio.http;

import jakarta.servlet.http.HttpServletRequest;

/** The path by which an older client has asked for a call that has another one by now. */
public final class LiteralPath {

  private static final String ATTRIBUTE = "studio.literal-path";

  private LiteralPath() {}

  /** Notes it on a request that is forwarded. */
  public static void note(HttpServletRequest request, String path) {
    request.setAttribute(ATTRIBUTE, path);
  }

  /** Whether the request came by any of them. */
  public static boolean isAny(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) != null;
  }

  /** Whether the request came by this path. */
  public static boolean is(HttpServletRequest request, String path) {
    return path.equals(request.getAttribute(ATTRIBUTE));
  }
}
