package devfest.studio.hub;

/** A stream was refused because of a limit. The same request may succeed later. */
public final class RefusedException extends RuntimeException {

  private final boolean full;

  RefusedException(boolean full, String message) {
    super(message);
    this.full = full;
  }

  /** Whether the whole node is full; false if the user or address has reached its own limit. */
  public boolean full() {
    return full;
  }
}
