package devfest.studio.security;

/** The groups of a token that mean something here. */
public final class Roles {

  /** Any valid token, whatever its groups (Servlet 6.0 § 13.3). */
  public static final String ANY_USER = "**";

  /** May publish events and drive the shared feeds. */
  public static final String PUBLISHER = "publisher";

  /** May see and do everything. */
  public static final String ADMIN = "admin";

  private Roles() {}
}
