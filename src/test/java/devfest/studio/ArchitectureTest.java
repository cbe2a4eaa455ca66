package devfest.studio;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import devfest.studio.app.server.UndertowSettings;
import devfest.studio.http.Problem;
import devfest.studio.security.Public;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ejb.Asynchronous;
import jakarta.ejb.Startup;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.Entity;
import jakarta.ws.rs.HttpMethod;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchitectureTest {

  private static final String ROOT = "devfest.studio.";

  private static final String FEATURES = "devfest\\.studio\\.(photos|transformations|feeds\\..*)";

  private static final JavaClasses STUDIO =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("devfest.studio");

  /** What each package may import of ours; {@code http} is what the resources share. */
  @ParameterizedTest
  @CsvSource({
    "base,",
    "settings, base",
    "events,",
    "http,",
    "idempotency, http",
    "sse,",
    "security, http",
    "images,",
    "log, events",
    "hub, events sse",
    "stream, events log hub sse security http idempotency",
    "photos, events log images security http idempotency",
    "transformations, photos images events log security http idempotency",
    "feeds.github, events log stream security http",
    "feeds.posts, events log stream security http",
    "feeds.quota, events stream security transformations",
    "feeds.notifications, events log stream security http transformations",
    "feeds.assistant, events log stream sse security http photos transformations images",
    "feeds.chat, events log stream security http",
    "feeds.games, events log stream security http",
    "feeds.tasks, events log stream security http photos idempotency",
    "feeds.timer, events log stream security http",
    "feeds.metrics, events hub stream security http transformations",
  })
  void eachPackageImportsOnlyWhatTheDesignAllows(String name, String allowed) {
    List<String> packages = new ArrayList<>(List.of(ROOT + name + ".."));
    if (!Set.of("base", "settings").contains(name)) {
      packages.addAll(List.of(ROOT + "base..", ROOT + "settings.."));
    }
    if (allowed != null) {
      for (String other : allowed.split(" ")) {
        packages.add(ROOT + other + "..");
      }
    }
    classes()
        .that()
        .resideInAPackage(ROOT + name + "..")
        .should()
        .onlyDependOnClassesThat(
            resideOutsideOfPackage("devfest.studio..")
                .or(resideInAnyPackage(packages.toArray(String[]::new))))
        .check(STUDIO);
  }

  @Test
  void nobodyImportsTheApplication() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "app..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + "app..")
        .check(STUDIO);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(STUDIO);
  }

  @Test
  void entitiesKnowNothingOfHttp() {
    noClasses()
        .that()
        .areAnnotatedWith(Entity.class)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + "http..")
        .check(STUDIO);
  }

  @Test
  void backgroundWorkThrowsNoProblemsOfHttp() {
    Set<JavaClass> background = background();
    assertTrue(background.size() > 10, background::toString);
    noClasses()
        .that(describe("work in the background", background::contains))
        .should()
        .dependOnClassesThat()
        .areAssignableTo(Problem.class)
        .check(STUDIO);
  }

  /** Beans of the features that no request calls, and those that they use. */
  private static Set<JavaClass> background() {
    Deque<JavaClass> open = new ArrayDeque<>();
    STUDIO.stream().filter(ArchitectureTest::runsByItself).forEach(open::add);
    Set<JavaClass> found = new HashSet<>();
    while (!open.isEmpty()) {
      JavaClass next = open.remove();
      if (next.getPackageName().matches(FEATURES) && found.add(next)) {
        next.getFields().forEach(field -> open.add(field.getRawType()));
      }
    }
    return found;
  }

  private static boolean runsByItself(JavaClass type) {
    return type.isAnnotatedWith(Startup.class)
        || type.getMethods().stream()
            .anyMatch(
                method ->
                    method.isAnnotatedWith(Asynchronous.class)
                        || method.getParameters().stream()
                            .anyMatch(parameter -> parameter.isAnnotatedWith(Observes.class)));
  }

  @Test
  void picturesAndTheHubKnowNoEnterpriseApi() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "images..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jakarta..")
        .check(STUDIO);
    noClasses()
        .that()
        .resideInAPackage(ROOT + "hub..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("jakarta.persistence..", "jakarta.ws.rs..", "jakarta.inject..")
        .check(STUDIO);
  }

  @Test
  void everyResourceMethodSaysWhoMayCallIt() {
    methods()
        .that(
            describe(
                "answer HTTP requests", (JavaMethod m) -> m.isMetaAnnotatedWith(HttpMethod.class)))
        .should()
        .beAnnotatedWith(RolesAllowed.class)
        .orShould()
        .beAnnotatedWith(PermitAll.class)
        .orShould()
        .beAnnotatedWith(Public.class)
        .check(STUDIO);
  }

  @Test
  void namesSayWhatAThingIs() {
    noClasses()
        .should()
        .haveNameMatching(".*(Impl|Manager|Util|Utils|Helper|Constants|Service)")
        .check(STUDIO);
  }

  /**
   * A server loads the types of each method of a bean or listener, also those of another server.
   */
  @Test
  void typesOfOneServerAreUsedOnlyWhereThatServerLoadsThem() {
    Set<String> loadedThere = Set.of("GrizzlyGate", "GrizzlySettings$Bounds", "UndertowSettings");
    noClasses()
        .that(
            describe(
                "every server loads",
                (JavaClass c) ->
                    loadedThere.stream()
                        .map(name -> ROOT + "app.server." + name)
                        .noneMatch(name -> (c.getName() + "$").startsWith(name + "$"))))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.glassfish.grizzly..", "io.undertow..", "org.xnio..")
        .check(STUDIO);
  }

  @Test
  void nothingIsPrintedAndLoggingGoesThroughTheSystemLogger() {
    GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(STUDIO);
    noClasses()
        .that(
            describe(
                "are not a DataSource, whose interface names it, nor filter the server's own lines",
                (JavaClass c) ->
                    !c.isAssignableTo(javax.sql.DataSource.class)
                        && !c.isAssignableTo(UndertowSettings.class)
                        && !Set.of("QuietLog", "GoneClients").contains(c.getSimpleName())))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.util.logging..", "org.slf4j..")
        .check(STUDIO);
  }
}
