package devfest.studio.transformations;

import devfest.studio.images.Style;
import devfest.studio.images.Styles;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.TreeMap;

/** The style engines of this node by name. Safe for use from many threads. */
@ApplicationScoped
public class Engines {

  private final Map<String, StyleEngine> engines = new TreeMap<>();

  @Inject
  Engines(@Any Instance<StyleEngine> all) {
    this((Iterable<StyleEngine>) all);
  }

  Engines(Iterable<? extends StyleEngine> all) {
    all.forEach(engine -> engines.put(engine.name(), engine));
  }

  /**
   * Checks that the engine of each style exists.
   *
   * @throws IllegalStateException if a style names an unknown engine
   */
  public void check(Styles styles) {
    styles.all().forEach(this::of);
  }

  StyleEngine of(Style style) {
    StyleEngine engine = engines.get(style.engine());
    if (engine == null) {
      throw new IllegalStateException(
          "The style '%s' needs the engine '%s'. Available engines: %s"
              .formatted(style.id(), style.engine(), String.join(", ", engines.keySet())));
    }
    return engine;
  }
}
