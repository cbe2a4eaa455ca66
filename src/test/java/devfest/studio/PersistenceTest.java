package devfest.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.persistence.Converter;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Entity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PersistenceTest {

  private static final Pattern LISTED = Pattern.compile("<class>([^<]+)</class>");

  @Test
  void thePersistenceUnitListsEveryEntityAndConverter() throws IOException {
    Set<String> managed =
        new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("devfest.studio")
                .stream()
                .filter(
                    type ->
                        type.isAnnotatedWith(Entity.class)
                            || type.isAnnotatedWith(Embeddable.class)
                            || type.isAnnotatedWith(Converter.class))
                .map(JavaClass::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    String unit = Files.readString(Path.of("src/main/resources/META-INF/persistence.xml"));
    Set<String> listed =
        LISTED
            .matcher(unit)
            .results()
            .map((MatchResult match) -> match.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(managed, listed);
  }

  /**
   * During a rolling upgrade a migration runs beside the previous version. If it locked two tables
   * that are in use, it could form a deadlock with a transaction that locks them in another order.
   * Migrations up to {@code V19} are of earlier versions.
   */
  @Test
  void aMigrationLocksNoMoreThanOneExistingTable() throws IOException {
    Pattern created = Pattern.compile("create table (\\w+)");
    Pattern locked = Pattern.compile("(?:alter table|create (?:unique )?index \\w+ on) (\\w+)");
    try (Stream<Path> common = Files.list(Path.of("db"));
        Stream<Path> postgres = Files.list(Path.of("db-postgresql"))) {
      Stream<Path> scripts = Stream.concat(common, postgres);
      for (Path script : scripts.filter(PersistenceTest::isOfThisVersion).toList()) {
        String sql = Files.readString(script);
        Set<String> tables = names(locked, sql);
        tables.removeAll(names(created, sql));
        assertTrue(tables.size() <= 1, () -> script + " locks " + tables);
      }
    }
  }

  private static boolean isOfThisVersion(Path script) {
    Matcher version = Pattern.compile("V(\\d+)__.*").matcher(script.getFileName().toString());
    assertTrue(version.matches(), script::toString);
    return Integer.parseInt(version.group(1)) > 19;
  }

  private static Set<String> names(Pattern pattern, String sql) {
    return pattern
        .matcher(sql)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
