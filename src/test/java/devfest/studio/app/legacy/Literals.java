package devfest.studio.app.legacy;

/** The table of literal paths, for the tests of other packages. */
public final class Literals {

  private Literals() {}

  /** The canonical path of a request; the path itself where it is no literal one. */
  public static String canonical(String path, String method) {
    return LiteralPaths.target(path, method).orElse(path);
  }
}
