package devfest.studio.app.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BundlerTest {

  private static final Path WEBAPP = Path.of("src/main/webapp");

  private static Map<String, String> sources() throws IOException {
    Map<String, String> sources = new HashMap<>();
    try (Stream<Path> files = Files.walk(WEBAPP)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String path = WEBAPP.relativize(file).toString().replace('\\', '/');
        if (path.matches("(?:client|dashboard)/[^/]+\\.js")) {
          sources.put(path, Files.readString(file));
        }
      }
    }
    return sources;
  }

  /** Returns the modules of a script in their order. */
  private static List<String> modulesOf(String script) {
    return Pattern.compile("(?m)^studioModules\\[\"([^\"]+)\"] \\?\\?=")
        .matcher(script)
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  @Test
  void aScriptHasEachImportedModuleOnceBeforeItsUse() {
    Map<String, String> scripts =
        Bundler.scripts(
            Map.of(
                "p/page.js",
                    "import { a as b } from \"./a.js\";\nimport { c } from \"../c/c.js\";\nb(c);\n",
                "p/a.js", "import * as c from \"../c/c.js\";\n\nexport const a = c.c;\n",
                "c/c.js", "export async function c() {}\n"));
    assertEquals(Set.of("p/page.js"), scripts.keySet());
    assertEquals(
        """
        globalThis.studioModules ??= {};
        studioModules["c/c.js"] ??= (() => {
        async function c() {}
        return { c };
        })();
        studioModules["p/a.js"] ??= (() => {
        const c = studioModules["c/c.js"];
        const a = c.c;
        return { a };
        })();
        studioModules["p/page.js"] ??= await (async () => {
        const { a: b } = studioModules["p/a.js"];
        const { c } = studioModules["c/c.js"];
        b(c);
        return {  };
        })();
        """,
        scripts.get("p/page.js"));
  }

  @Test
  void aLateModuleIsAScriptWithoutWhatIsLoaded() {
    Map<String, String> scripts =
        Bundler.scripts(
            Map.of(
                "one.js",
                    "import { a } from \"./a.js\";\nimport { b } from \"./b.js\";\nimport(\"./late.js\");\n",
                "two.js", "import { a } from \"./a.js\";\nimport(\"./late.js\");\n",
                "late.js",
                    "import { a } from \"./a.js\";\nexport { b } from \"./b.js\";\nexport class L {}\n",
                "a.js", "export const a = 1;\n",
                "b.js", "export const b = 1;\n"));
    assertEquals(List.of("a.js", "b.js", "one.js"), modulesOf(scripts.get("one.js")));
    assertEquals(List.of("a.js", "two.js"), modulesOf(scripts.get("two.js")));
    String late = scripts.get("late.js");
    assertEquals(List.of("b.js", "late.js"), modulesOf(late), "the page two.js has no b.js");
    assertTrue(late.endsWith("export const { L, b } = studioModules[\"late.js\"];\n"), late);
  }

  @Test
  void commentsAndMarginsAreLeftOut() {
    String script =
        Bundler.scripts(
                Map.of(
                    "a.js", "// one\n/** two */\nif (1) {\n  // three\n  f(\"//\"); // four\n}\n"))
            .get("a.js");
    assertTrue(script.contains("\nif (1) {\nf(\"//\"); // four\n}\n"), script);
  }

  @Test
  void whatCannotBeJoinedIsRefused() {
    Map<String, String> circle =
        Map.of(
            "page.js", "import { a } from \"./a.js\";\n",
            "a.js", "import { b } from \"./b.js\";\nexport const a = b;\n",
            "b.js", "import { a } from \"./a.js\";\nexport const b = a;\n");
    assertThrows(IllegalStateException.class, () -> Bundler.scripts(circle));
    for (String other :
        List.of("export default 1;", "export let a = 1;", "import \"./a.js\";", "export { a };")) {
      Map<String, String> sources = Map.of("page.js", other + "\n");
      assertThrows(IllegalStateException.class, () -> Bundler.scripts(sources), other);
    }
    Map<String, String> missing = Map.of("page.js", "import { a } from \"./a.js\";\n");
    assertThrows(IllegalStateException.class, () -> Bundler.scripts(missing));
  }

  /** The bundler takes each line for code or a comment. */
  @Test
  void noTextOfTheStudioSpansLines() throws IOException {
    sources()
        .forEach(
            (path, source) ->
                Module.parse(path, source)
                    .body()
                    .lines()
                    .forEach(
                        line ->
                            assertEquals(
                                0, line.chars().filter(c -> c == '`').count() % 2, path + line)));
  }

  @Test
  void thePagesOfTheStudioLoadOneScriptWithAllThatTheyImport() throws IOException {
    Map<String, String> sources = sources();
    Map<String, String> scripts = Bundler.scripts(sources);
    for (String page :
        List.of("app", "chat", "day", "event", "join", "moderation", "people", "scores", "timer")) {
      List<String> modules = modulesOf(scripts.get("dashboard/" + page + ".js"));
      assertEquals(new HashSet<>(modules).size(), modules.size(), page);
      for (String module : modules) {
        Module parsed = Module.parse(module, sources.get(module));
        int at = modules.indexOf(module);
        assertTrue(modules.subList(0, at).containsAll(parsed.imports()), module);
      }
    }
    scripts.forEach(
        (path, script) ->
            assertFalse(
                Pattern.compile("(?m)^import\\b|\\bfrom \"\\.").matcher(script).find(), path));
  }

  @Test
  void whatOnlySomeUsersNeedIsLoadedLate() throws IOException {
    List<String> first = modulesOf(Bundler.scripts(sources()).get("dashboard/app.js"));
    for (String late : List.of("chart", "kiosk", "monitor", "organiser", "plot", "uploader")) {
      assertFalse(first.contains("dashboard/" + late + ".js"), late);
    }
  }
}
