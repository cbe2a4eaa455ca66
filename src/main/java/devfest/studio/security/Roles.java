package devfest.studio.security;

/** The groups that grant rights in the studio. */
public final class Roles {

  /** Stands for any valid token, whatever its groups (Servlet 6.0 § 13.3). */
  public static final String ANY_USER = "**";

  /** May publish events and control the shared feeds. */
  public static final String PUBLISHER = "publisher";

  /** May read and change everything. */
  public static final String ADMIN = "admin";

  /** Has joined with a pass, without an account. */
  public static final String GUEST = "guest";

  private Roles() {}
}
