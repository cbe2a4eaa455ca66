package devfest.studio.http;

/**
 * The envelope of every successful response.
 *
 * @param success always true
 */
public record Success(boolean success, Object data) {

  /** Wraps what the response carries. */
  public static Success of(Object data) {
    return new Success(true, data);
  }

  /**
   * Wraps data that is already encoded.
   *
   * @param data one JSON value
   */
  public static String json(String data) {
    return "{\"success\":true,\"data\":" + data + "}";
  }
}
