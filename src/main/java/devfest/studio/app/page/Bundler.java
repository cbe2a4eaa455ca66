package devfest.studio.app.page;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Joins the modules that a page needs into one script, because a browser on a slow network spends
 * most of its time on the requests for single ones.
 *
 * <p>A script replaces each module that no other one imports, which is that of a page, and each
 * that is imported late, by {@code import()}. It contains the module and all that it imports,
 * except, in that of a late module, what is loaded already. Each module is a function in it, with
 * its own scope. A table of the page has their exports, so scripts share modules, and none runs
 * twice.
 */
final class Bundler {

  /** The table: the exports of each module by its path. */
  private static final String TABLE = "studioModules";

  private final Map<String, Module> modules;

  /**
   * @param sources of modules by their paths
   */
  private Bundler(Map<String, String> sources) {
    modules =
        sources.entrySet().stream()
            .map(source -> Module.parse(source.getKey(), source.getValue()))
            .collect(toMap(Module::path, module -> module));
  }

  /**
   * Returns the scripts by the paths of the modules that they replace.
   *
   * @param sources of modules by their paths, such as {@code dashboard/app.js}
   */
  static Map<String, String> scripts(Map<String, String> sources) {
    return new Bundler(sources).scripts();
  }

  private Map<String, String> scripts() {
    Set<String> late = all(Module::late);
    Set<String> first = new HashSet<>(modules.keySet());
    first.removeAll(all(Module::imports));
    first.removeAll(late);
    Map<String, String> scripts = new TreeMap<>();
    first.forEach(path -> scripts.put(path, script(path, Set.of(), true)));
    late.forEach(path -> scripts.put(path, script(path, loaded(path, first), false)));
    return scripts;
  }

  private Set<String> all(Function<Module, List<String>> of) {
    return modules.values().stream()
        .map(of)
        .flatMap(List::stream)
        .collect(toCollection(HashSet::new));
  }

  /** Returns what every page that can import the module late has loaded with its first script. */
  private Set<String> loaded(String late, Set<String> first) {
    return first.stream()
        .filter(page -> reached(page).contains(late))
        .map(this::imported)
        .reduce((one, other) -> intersection(one, other))
        .orElse(Set.of());
  }

  private static Set<String> intersection(Set<String> one, Set<String> other) {
    Set<String> both = new HashSet<>(one);
    both.retainAll(other);
    return both;
  }

  /** Returns the module and all that it imports, each after those that it needs itself. */
  private Set<String> imported(String path) {
    Set<String> found = new LinkedHashSet<>();
    collect(path, false, new LinkedHashSet<>(), found);
    return found;
  }

  private Set<String> reached(String path) {
    Set<String> found = new LinkedHashSet<>();
    collect(path, true, new LinkedHashSet<>(), found);
    return found;
  }

  private void collect(String path, boolean alsoLate, Set<String> open, Set<String> found) {
    if (found.contains(path)) {
      return;
    }
    if (!open.add(path)) {
      if (alsoLate) {
        return;
      }
      throw new IllegalStateException("Modules import each other: " + open);
    }
    Module module = module(path);
    module.imports().forEach(other -> collect(other, alsoLate, open, found));
    if (alsoLate) {
      module.late().forEach(other -> collect(other, true, open, found));
    }
    open.remove(path);
    found.add(path);
  }

  private Module module(String path) {
    Module module = modules.get(path);
    if (module == null) {
      throw new IllegalStateException("There is no module " + path);
    }
    return module;
  }

  /**
   * @param page whether it is the first script of a page, which may wait at its top level
   */
  private String script(String path, Set<String> loaded, boolean page) {
    String names =
        Stream.concat(module(path).exports().stream(), module(path).forwarded().keySet().stream())
            .collect(joining(", "));
    String exported =
        names.isEmpty() ? "" : "export const { " + names + " } = " + entry(path) + ";\n";
    return Stream.concat(
            Stream.of("globalThis." + TABLE + " ??= {};\n"),
            imported(path).stream()
                .filter(module -> !loaded.contains(module))
                .map(module -> function(module(module), page && module.equals(path))))
        .collect(joining("", "", exported));
  }

  private static String function(Module module, boolean waits) {
    String bindings =
        module.bindings().entrySet().stream()
            .map(of -> "const " + of.getValue() + " = " + entry(of.getKey()) + ";\n")
            .collect(joining());
    String exports =
        Stream.concat(
                module.exports().stream(),
                module.forwarded().entrySet().stream()
                    .map(of -> of.getKey() + ": " + entry(of.getValue()) + "." + of.getKey()))
            .collect(joining(", "));
    return entry(module.path())
        + (waits ? " ??= await (async () => {\n" : " ??= (() => {\n")
        + bindings
        + module.body()
        + "return { "
        + exports
        + " };\n})();\n";
  }

  private static String entry(String path) {
    return TABLE + "[\"" + path + "\"]";
  }
}
