package devfest.studio;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import devfest.studio.app.server.UndertowSettings;
import devfest.studio.http.Problem;
import devfest.studio.jobs.Work;
import devfest.studio.security.Public;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ejb.Asynchronous;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.persistence.Entity;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServlet;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.ext.Provider;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Date;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {

  private static final String ROOT = "devfest.studio.";

  private static final String FEATURES = "devfest\\.studio\\.(photos|transformations|feeds\\..*)";

  private static final JavaClasses STUDIO =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("devfest.studio");

  /**
   * The imports of our packages that each one may have, besides {@code base} and {@code settings}.
   */
  private static final Map<String, String> ALLOWED = allowed();

  private static Map<String, String> allowed() {
    Map<String, String> rows = new TreeMap<>();
    rows.put("base", "");
    rows.put("settings", "base");
    rows.put("events", "");
    rows.put("http", "");
    rows.put("personal", "");
    rows.put("archive", "personal cluster http");
    rows.put("users", "archive audit events personal jobs cluster security http");
    rows.put(
        "summary",
        "archive audit blobs cluster conference events guests http images personal photos security"
            + " transformations");
    rows.put("conference", "audit events guests log security http");
    rows.put("guests", "personal audit security http");
    rows.put("idempotency", "personal http");
    rows.put("sse", "");
    rows.put("audit", "personal cluster http");
    rows.put("outgoing", "http");
    rows.put("security", "personal audit events blobs cluster http outgoing");
    rows.put("images", "");
    rows.put("tracing", "");
    rows.put("log", "personal events tracing");
    rows.put("cluster", "personal events log http");
    rows.put("hub", "events sse");
    rows.put("stream", "events log hub sse cluster security http tracing");
    rows.put("diagnosis", "sse stream security http");
    rows.put("publish", "events log hub stream idempotency security http tracing");
    rows.put("feed", "personal audit events hub sse cluster stream publish security http");
    rows.put("socket", "cluster hub sse stream feed security http");
    rows.put("jobs", "cluster http tracing");
    rows.put("blobs", "settings");
    rows.put(
        "photos",
        "personal conference audit events log images blobs jobs security http idempotency");
    rows.put("artwork", "conference audit photos images blobs security http");
    rows.put(
        "transformations",
        "personal artwork conference audit photos images blobs jobs events log security http idempotency");
    rows.put(
        "feeds.assistant",
        "events log sse cluster stream feed security http photos transformations images outgoing");
    rows.put("share", "conference photos transformations images security http");
    rows.put("feeds.chat", "personal audit events log cluster stream feed security http");
    rows.put("feeds.games", "personal events log stream feed security http");
    rows.put("feeds.github", "personal audit events log stream feed jobs blobs security http");
    rows.put(
        "feeds.metrics",
        "delivery events hub cluster jobs stream feed security http transformations");
    rows.put(
        "feeds.notifications",
        "personal events log cluster stream feed security http transformations webhooks");
    rows.put("feeds.posts", "personal audit events log stream feed jobs security http outgoing");
    rows.put("feeds.quota", "events stream feed security transformations");
    rows.put(
        "feeds.tasks",
        "personal events log stream feed jobs blobs security http photos idempotency");
    rows.put("feeds.timer", "events log stream feed socket security http");
    rows.put(
        "webhooks",
        "personal audit delivery events log hub stream jobs security http outgoing tracing");
    rows.put("delivery", "log jobs stream outgoing tracing");
    rows.put("push", "personal delivery events log stream jobs security http outgoing");
    rows.put("app.audit", "app.http audit http security");
    rows.put("app.backup", "app.database audit blobs http security");
    rows.put("app.database", "blobs users http");
    rows.put("app.docs", "app.http http security");
    rows.put("app.health", "app.http cluster http blobs images log security stream");
    rows.put(
        "app.http",
        "artwork audit app.legacy feeds.games feeds.posts feeds.tasks feeds.timer photos transformations"
            + " socket stream cluster idempotency http security app.transfer webhooks");
    rows.put("app.legacy", "http");
    rows.put("app.page", "security");
    rows.put("app.server", "app.http app.legacy app.transfer sse security http");
    rows.put("app.storage", "blobs http");
    rows.put("app.transfer", "blobs http");
    rows.put(
        "app.start",
        "audit conference blobs app.database app.health app.http app.server app.transfer feeds.assistant feeds.github feeds.posts"
            + " feeds.tasks photos transformations images jobs cluster stream log idempotency security"
            + " delivery events push webhooks http");
    return rows;
  }

  static Set<String> packages() {
    return ALLOWED.keySet();
  }

  @ParameterizedTest
  @MethodSource("packages")
  void eachPackageImportsOnlyWhatTheDesignAllows(String name) {
    String[] allowed =
        Stream.concat(Stream.of(name, "base", "settings"), Stream.of(ALLOWED.get(name).split(" ")))
            .map(other -> ROOT + other)
            .toArray(String[]::new);
    classes()
        .that()
        .resideInAPackage(ROOT + name)
        .should()
        .onlyDependOnClassesThat(
            resideOutsideOfPackage("devfest.studio..").or(resideInAnyPackage(allowed)))
        .check(STUDIO);
  }

  @Test
  void everyPackageHasARow() {
    Set<String> found =
        STUDIO.stream()
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .map(type -> type.getPackageName().substring(ROOT.length()))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(ALLOWED.keySet(), found);
  }

  @Test
  void noPackageImportsTheApplication() {
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
    slices().matching(ROOT + "(**)").should().beFreeOfCycles().check(STUDIO);
  }

  @Test
  void entitiesDoNotDependOnHttp() {
    noClasses()
        .that()
        .areAnnotatedWith(Entity.class)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + "http..")
        .check(STUDIO);
  }

  @Test
  void backgroundWorkDoesNotThrowHttpProblems() {
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
        || type.isAssignableTo(Work.class)
        || type.getMethods().stream()
            .anyMatch(
                method ->
                    method.isAnnotatedWith(Asynchronous.class)
                        || method.getParameters().stream()
                            .anyMatch(parameter -> parameter.isAnnotatedWith(Observes.class)));
  }

  @Test
  void imagesAndTheHubDoNotUseEnterpriseApis() {
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

  /** Each call of {@link Json} looks for a provider again, which takes half a millisecond. */
  @Test
  void jsonComesFromAProviderThatWasFoundOnce() {
    noClasses().should().dependOnClassesThat().areAssignableTo(Json.class).check(STUDIO);
  }

  /** What it sends is bounded; another client of OkHttp would not be. */
  @Test
  void onlyThePackageForRequestsToOtherSystemsUsesOkHttp() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "outgoing..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("okhttp3..", "okio..")
        .check(STUDIO);
  }

  @Test
  void everyResourceMethodDeclaresItsPermittedRoles() {
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
  void beansTakeTheirCollaboratorsInTheConstructor() {
    fields()
        .that()
        .areAnnotatedWith(Inject.class)
        .should()
        .beDeclaredInClassesThat(
            describe(
                "another container than CDI makes",
                (JavaClass c) ->
                    c.isAnnotatedWith(Path.class)
                        || c.isAnnotatedWith(Provider.class)
                        || c.isAnnotatedWith(Singleton.class)
                        || c.isAssignableTo(HttpServlet.class)
                        || c.isAssignableTo(HttpFilter.class)))
        .check(STUDIO);
  }

  @Test
  void nullnessIsCheckedInEveryPackage() {
    Set<String> unmarked =
        STUDIO.stream()
            .map(JavaClass::getPackage)
            .filter(p -> !p.isAnnotatedWith(NullMarked.class))
            .map(p -> p.getName().substring(ROOT.length()))
            .collect(Collectors.toSet());
    assertEquals(Set.of(), unmarked);
  }

  @Test
  void namesAreSpecific() {
    noClasses()
        .should()
        .haveNameMatching(".*(Impl|Manager|Util|Utils|Helper|Constants|Service)")
        .check(STUDIO);
  }

  /**
   * All nodes go by the injected clock, which is the database's. The exceptions compare the times
   * of local files or measure the difference.
   */
  @Test
  void timeIsReadFromTheInjectedClock() {
    noClasses()
        .that(
            describe(
                "have no reason to read the machine's clock",
                (JavaClass c) -> !Set.of("DatabaseClock", "Spool").contains(c.getSimpleName())))
        .should()
        .callMethodWhere(
            describe(
                "the machine's clock is read",
                (JavaMethodCall call) -> {
                  String type = call.getTargetOwner().getName();
                  String method = call.getTarget().getName();
                  return (type.startsWith("java.time.")
                          && (method.startsWith("system")
                              || (method.equals("now")
                                  && call.getTarget().getRawParameterTypes().stream()
                                      .noneMatch(p -> p.isEquivalentTo(Clock.class)))))
                      || (type.equals("java.lang.System") && method.equals("currentTimeMillis"));
                }))
        .orShould()
        .callConstructor(Date.class)
        .check(STUDIO);
  }

  /**
   * A server loads the types of each method of a bean or listener, also those of another server.
   */
  @Test
  void serverSpecificTypesAreUsedOnlyWhereThatServerLoadsThem() {
    Set<String> loadedThere =
        Set.of(
            "GrizzlyFilter",
            "GrizzlyGate",
            "GrizzlyReaders",
            "GrizzlySettings$Bounds",
            "UndertowBodies",
            "UndertowGate",
            "UndertowListeners",
            "UndertowSettings");
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
  void nothingIsPrintedAndLoggingUsesTheSystemLogger() {
    GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(STUDIO);
    noClasses()
        .that(
            describe(
                "are not a DataSource, whose interface names it, nor filter the server's own lines",
                (JavaClass c) ->
                    !c.isAssignableTo(javax.sql.DataSource.class)
                        && !c.isAssignableTo(UndertowSettings.class)
                        && !Set.of("QuietLog", "DisconnectedClients", "OneLine")
                            .contains(c.getSimpleName())))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.util.logging..", "org.slf4j..")
        .check(STUDIO);
  }
}
