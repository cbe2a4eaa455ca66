package devfest.studio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The table of who may call what, {@code src/test/resources/access.txt}. */
final class AccessTable {

  /** Who makes a request. The order is that of the columns. */
  enum Identity {
    /** Without a token. */
    ANONYMOUS,
    /** Without a token, where anonymous clients may read public content. */
    PUBLIC,
    /** The owner of every object in a path. */
    ALICE,
    /** Another user. */
    BOB,
    /** A user whose only group is {@code guest}. */
    GUEST,
    PUBLISHER,
    ADMIN,
    /** An admin whose tokens were revoked. */
    REVOKED
  }

  /**
   * A line of the table.
   *
   * @param path with the names of objects in braces, and optionally a query
   * @param body JSON, the name of a prepared body after {@code @}, or empty
   */
  record Row(String method, String path, Map<Identity, Integer> statuses, String body) {

    private static final Pattern OBJECT = Pattern.compile("\\{(\\w+)}");

    /** The names of the objects in the path and the body. */
    List<String> objects() {
      List<String> names = new ArrayList<>();
      for (Matcher name = OBJECT.matcher(path + body); name.find(); ) {
        names.add(name.group(1));
      }
      return names;
    }

    /** The path without its query. */
    String location() {
      return path.replaceFirst("\\?.*", "");
    }

    @Override
    public String toString() {
      return method + ' ' + path + (body.isEmpty() ? "" : ' ' + body);
    }
  }

  private static final Path FILE = Path.of("src/test/resources/access.txt");

  private AccessTable() {}

  static List<Row> rows() {
    try {
      return Files.readAllLines(FILE).stream()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(AccessTable::row)
          .toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Row row(String line) {
    Identity[] columns = Identity.values();
    String[] cells = line.strip().split("\\s+", columns.length + 3);
    if (cells.length < columns.length + 2) {
      throw new IllegalArgumentException("Not a row: " + line);
    }
    Map<Identity, Integer> statuses = new EnumMap<>(Identity.class);
    for (int i = 0; i < columns.length; i++) {
      statuses.put(columns[i], Integer.valueOf(cells[i + 2]));
    }
    String body = cells.length > columns.length + 2 ? cells[columns.length + 2] : "";
    return new Row(cells[0], cells[1], statuses, body);
  }
}
