package devfest.studio.base;

/** There is no such thing, or it was deleted meanwhile. */
public final class Missing extends DomainException {

  /**
   * @param what the kind of thing, for example {@code photo}
   */
  public Missing(String what) {
    super("No such " + what);
  }
}
