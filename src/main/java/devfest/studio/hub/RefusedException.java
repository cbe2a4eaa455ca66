package devfest.studio.hub;

/** No further stream now; the same request may succeed later. */
public final class RefusedException extends RuntimeException {

  private final boolean full;

  RefusedException(boolean full, String message) {
    super(message);
    this.full = full;
  }

  /** Whether the node is full for everybody, rather than this client over its share. */
  public boolean full() {
    return full;
  }
}
