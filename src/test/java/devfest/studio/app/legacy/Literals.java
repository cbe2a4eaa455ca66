package devfest.studio.app.legacy;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The table of literal paths, for the tests of other packages. */
public final class Literals {

  private Literals() {}

  /** The canonical path of a request; the path itself where it is no literal one. */
  public static String canonical(String path, String method) {
    return LiteralPaths.target(path, method).orElse(path);
  }

  /** All literal paths with their methods other than HEAD; {@code {}} is any segment. */
  public static Map<String, Set<String>> all() {
    Map<String, Set<String>> all = new TreeMap<>();
    LiteralPaths.patterns()
        .flatMap(Literals::expand)
        .forEach(
            path -> {
              Set<String> methods = LiteralPaths.methods(path.replace("{}", "x"));
              assertTrue(!methods.isEmpty(), path);
              all.put(
                  path,
                  methods.stream()
                      .filter(method -> !method.equals("HEAD"))
                      .collect(Collectors.toSet()));
            });
    return all;
  }

  /** The paths that match a pattern of the table, which uses few constructs. */
  private static Stream<String> expand(String pattern) {
    if (pattern.startsWith("(?:/api)?(")) {
      String rest = pattern.substring("(?:/api)?".length());
      return Stream.of("", "/api").flatMap(start -> expand(rest).map(end -> start + end));
    }
    if (pattern.endsWith("(?:/stream)?)")) {
      String start = pattern.substring(0, pattern.length() - "(?:/stream)?)".length());
      return Stream.of("", "/stream").flatMap(end -> expand(start + end + ")"));
    }
    return Stream.of(pattern.split("\\|"))
        .map(path -> path.replace("[^/]+", "{}").replaceAll("[()]", ""));
  }

  /** The aliases of paths below the API, each with its canonical path. */
  public static Map<String, String> aliases() {
    return Aliases.CANONICAL.entrySet().stream()
        .collect(
            Collectors.toMap(
                alias -> LiteralPaths.API + '/' + alias.getKey(),
                alias -> LiteralPaths.API + '/' + alias.getValue()));
  }
}
