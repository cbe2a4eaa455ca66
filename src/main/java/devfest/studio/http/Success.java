package devfest.studio.http;

/**
 * The envelope of every successful reply.
 *
 * @param success always true
 */
public record Success(boolean success, Object data) {

  /** Wraps what the reply carries. */
  public static Success of(Object data) {
    return new Success(true, data);
  }
}
