package devfest.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
}
