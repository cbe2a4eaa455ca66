package devfest.studio.base;

/** The object does not exist, was deleted, or is not visible to the caller. */
public final class Missing extends DomainException {

  /**
   * @param what the kind of object, for example {@code photo}
   */
  public Missing(String what) {
    super("There is no such " + what + ".");
  }
}
