package devfest.studio.app.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import devfest.studio.base.DomainException;
import devfest.studio.base.Missing;
import java.util.List;
import org.junit.jupiter.api.Test;

class RefusalsTest {

  @Test
  void everyDomainExceptionMapsToAClientErrorExceptTheOperatorsOwn() {
    List<? extends Class<?>> kinds =
        new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("devfest.studio")
                .stream()
                .filter(type -> type.isAssignableTo(DomainException.class))
                .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
                .map(JavaClass::reflect)
                .toList();
    assertFalse(kinds.isEmpty());
    for (Class<?> kind : kinds) {
      int status = Refusals.code(kind.asSubclass(DomainException.class)).status();
      int expected = kind.getSimpleName().equals("BrokenTemplate") ? 500 : 400;
      assertEquals(expected / 100, status / 100, kind.getName());
    }
  }

  @Test
  void somethingMissingIsReportedAsNotFound() {
    assertEquals("not_found", Refusals.code(Missing.class).word());
  }
}
