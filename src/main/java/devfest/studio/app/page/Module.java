package devfest.studio.app.page;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A JavaScript module as the studio's sources are written and formatted: statements of the top
 * level begin at the begin of a line, comments stand on lines of their own or are JSDoc, and no
 * text spans lines. Modules are imported by relative paths, and exports have names.
 *
 * @param bindings the names that it imports as a pattern to assign to, by the path of the module
 * @param forwarded the paths of modules by the names that it exports from them
 * @param late paths of the modules that it imports by {@code import()}
 * @param body the rest of its text, without comments
 */
record Module(
    String path,
    Map<String, String> bindings,
    Map<String, String> forwarded,
    List<String> late,
    List<String> exports,
    String body) {

  private static final Pattern COMMENT = Pattern.compile("(?s)/\\*\\*.*?\\*/|(?m)^ *//[^\n]*$");
  private static final Pattern MARGIN = Pattern.compile("(?m)^\\s+");

  private static final Pattern FROM =
      Pattern.compile("(?m)^(import|export) (?:\\* as (\\w+)|(\\{[^}]*})) from \"(\\.[^\"]+)\";\n");

  private static final Pattern DECLARED =
      Pattern.compile("(?m)^export (?=(?:async )?(?:const|class|function) (\\w+))");

  private static final Pattern LATE = Pattern.compile("\\bimport\\(\"(\\.[^\"]+)\"\\)");
  private static final Pattern OTHER = Pattern.compile("(?m)^(?:import(?!\\()|export)\\b.*$");

  static Module parse(String path, String source) {
    String code = MARGIN.matcher(COMMENT.matcher(source).replaceAll("")).replaceAll("");
    Map<String, String> bindings = new LinkedHashMap<>();
    Map<String, String> forwarded = new LinkedHashMap<>();
    for (MatchResult from : FROM.matcher(code).results().toList()) {
      String other = resolve(path, from.group(4));
      String names = from.group(2) == null ? from.group(3) : from.group(2);
      if (from.group(1).equals("import")) {
        bindings.put(other, names.replace(" as ", ": ").replace('\n', ' '));
      } else {
        Stream.of(names.replaceAll("[{}\\s]", "").split(","))
            .forEach(name -> forwarded.put(name, other));
      }
    }
    String body = FROM.matcher(code).replaceAll("");
    List<String> exports = DECLARED.matcher(body).results().map(found -> found.group(1)).toList();
    body = DECLARED.matcher(body).replaceAll("");
    Matcher other = OTHER.matcher(body);
    if (other.find()) {
      throw new IllegalStateException(path + " has a statement of another form: " + other.group());
    }
    List<String> late =
        LATE.matcher(body).results().map(found -> resolve(path, found.group(1))).toList();
    return new Module(path, bindings, forwarded, late, exports, body);
  }

  /** The paths of the modules that it imports first. */
  List<String> imports() {
    return Stream.concat(bindings.keySet().stream(), forwarded.values().stream())
        .distinct()
        .toList();
  }

  private static String resolve(String path, String relative) {
    return Path.of(path).resolveSibling(relative).normalize().toString().replace('\\', '/');
  }
}
