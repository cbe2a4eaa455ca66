package devfest.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The documents about security: complete, and every reference leads somewhere. */
class AsvsTest {

  private static final Path DOCS = Path.of("docs");
  private static final Path TABLE = DOCS.resolve("asvs.md");

  /** Words of browsers and of the JDK, which are no classes of the studio. */
  private static final Set<String> WORDS =
      Set.of(
          "BroadcastChannel",
          "HttpOnly",
          "Map",
          "Origin",
          "SameSite",
          "Secure",
          "SecureRandom",
          "Set",
          "Strict");

  /** The level of each requirement of ASVS 5.0.0, by section. */
  private static final String LEVELS =
      """
      1.1 22
      1.2 1111122223
      1.3 112222222223
      1.4 222
      1.5 123
      2.1 122
      2.2 112
      2.3 12223
      2.4 23
      3.1 3
      3.2 113
      3.3 12223
      3.4 11222233
      3.5 11122333
      3.6 3
      3.7 22333
      4.1 12233
      4.2 23333
      4.3 22
      4.4 1222
      5.1 2
      5.2 112333
      5.3 113
      5.4 222
      6.1 122
      6.2 111111112222
      6.3 11223333
      6.4 112233
      6.5 22222333
      6.6 2223
      6.7 33
      6.8 2222
      7.1 222
      7.2 1111
      7.3 22
      7.4 11222
      7.5 223
      7.6 22
      8.1 1233
      8.2 1123
      8.3 133
      8.4 23
      9.1 111
      9.2 1222
      10.1 22
      10.2 223
      10.3 22223
      10.4 1111122222233333
      10.5 22222
      10.6 22
      10.7 222
      11.1 2233
      11.2 22233
      11.3 11233
      11.4 1222
      11.5 23
      11.6 23
      11.7 33
      12.1 12233
      12.2 11
      12.3 22223
      13.1 2333
      13.2 222223
      13.3 2233
      13.4 1222233
      14.1 22
      14.2 12223333
      14.3 122
      15.1 12233
      15.2 12233
      15.3 1222222
      15.4 3333
      16.1 2
      16.2 22222
      16.3 2222
      16.4 222
      16.5 2223
      17.1 23
      17.2 22223333
      17.3 22
      """;

  /** A row of the table: ids, levels, requirement, state, evidence. */
  private record Row(List<String> ids, String state) {}

  private static List<Row> rows() throws IOException {
    return Files.readAllLines(TABLE).stream()
        .filter(line -> line.matches("\\| \\d.*"))
        .map(line -> line.split("\\|"))
        .map(cells -> new Row(ids(cells[1].strip()), cells[4].strip()))
        .toList();
  }

  /** The ids of a cell such as {@code 1.2.6–1.2.8, 1.3.1}. */
  private static List<String> ids(String cell) {
    List<String> ids = new ArrayList<>();
    for (String part : cell.split(", ")) {
      String[] ends = part.split("–");
      String section = ends[0].replaceFirst("\\.\\d+$", ".");
      int first = number(ends[0]);
      IntStream.rangeClosed(first, number(ends[ends.length - 1]))
          .forEach(number -> ids.add(section + number));
    }
    return ids;
  }

  private static int number(String id) {
    return Integer.parseInt(id.substring(id.lastIndexOf('.') + 1));
  }

  private static Stream<String> levelsOneAndTwo() {
    return LEVELS
        .lines()
        .map(line -> line.split(" "))
        .flatMap(
            section ->
                IntStream.range(0, section[1].length())
                    .filter(i -> section[1].charAt(i) != '3')
                    .mapToObj(i -> section[0] + "." + (i + 1)));
  }

  @Test
  void everyRequirementOfLevelsOneAndTwoHasOneRow() throws IOException {
    assertEquals(253, levelsOneAndTwo().count());
    assertEquals(
        levelsOneAndTwo().sorted().toList(),
        rows().stream().flatMap(row -> row.ids().stream()).sorted().toList());
  }

  @Test
  void everyRowHasAState() throws IOException {
    Set<String> states = rows().stream().map(Row::state).collect(Collectors.toSet());
    assertEquals(Set.of("met", "operator", "not met", "not applicable"), states);
  }

  /** Classes of the studio, its tests and their methods, files of the page and the build. */
  @ParameterizedTest
  @ValueSource(strings = {"asvs.md", "security.md"})
  void everyReferenceLeadsToAFile(String document) throws IOException {
    String text = Files.readString(DOCS.resolve(document));
    Set<String> files = files();
    Set<String> missing = new TreeSet<>();
    for (Matcher link = Pattern.compile("]\\(([^)#]*)(#[^)]*)?\\)").matcher(text); link.find(); ) {
      String target = link.group(1);
      Path file = target.isEmpty() ? DOCS.resolve(document) : DOCS.resolve(target).normalize();
      if (!target.startsWith("http") && !leads(file, link.group(2))) {
        missing.add(link.group());
      }
    }
    Pattern name = Pattern.compile("`([A-Z]\\w+[a-z]\\w*)(?:#(\\w+))?`");
    for (Matcher code = name.matcher(text); code.find(); ) {
      List<String> found =
          files.stream().filter(file -> file.endsWith("/" + code.group(1) + ".java")).toList();
      String method = code.group(2);
      if (WORDS.contains(code.group(1))) {
        continue;
      }
      if (found.isEmpty()
          || (method != null
              && !Files.readString(Path.of(found.get(0))).contains(" " + method + "("))) {
        missing.add(code.group());
      }
    }
    assertEquals(Set.of(), missing);
  }

  private static String sources(String folder, String ending) throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(Path.of("src/main", folder))) {
      for (Path file : files.filter(file -> file.toString().endsWith(ending)).toList()) {
        all.append(Files.readString(file));
      }
    }
    return all.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "setHTML",
        "srcdoc",
        "new Function",
        "eval("
      })
  void noScriptOfThePageWritesHtml(String sink) throws IOException {
    String scripts = sources("webapp", ".js");
    assertTrue(scripts.contains("textContent"));
    assertFalse(scripts.contains(sink), sink);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ProcessBuilder",
        ".exec(",
        "ObjectInputStream",
        "javax.xml.parsers",
        "javax.xml.stream",
        "org.w3c.dom",
        "org.xml.sax",
        "javax.script",
        "javax.naming"
      })
  void theStudioStartsNoProcessAndReadsNoObjectsOrXml(String type) throws IOException {
    String classes = sources("java", ".java");
    assertTrue(classes.contains("jakarta.json"));
    assertFalse(classes.contains(type), type);
  }

  private static Set<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src"))) {
      return files.map(Path::toString).collect(Collectors.toSet());
    }
  }

  /** Whether the file exists and has a heading for the fragment. */
  private static boolean leads(Path file, String fragment) throws IOException {
    if (!Files.exists(file)) {
      return false;
    }
    return fragment == null
        || Files.readAllLines(file).stream()
            .filter(line -> line.startsWith("#"))
            .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(java.util.Locale.ROOT))
            .map(line -> line.replaceAll("[^a-z0-9 -]", "").replace(' ', '-'))
            .anyMatch(heading -> fragment.equals("#" + heading));
  }
}
