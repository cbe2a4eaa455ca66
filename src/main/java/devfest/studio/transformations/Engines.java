package devfest.studio.transformations;

import devfest.studio.images.Style;
import devfest.studio.images.Styles;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.TreeMap;

/** The engines of this node, by name. */
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
   * @throws IllegalStateException when a style names an engine that is not there
   */
  public void check(Styles styles) {
    styles.all().forEach(this::of);
  }

  StyleEngine of(Style style) {
    StyleEngine engine = engines.get(style.engine());
    if (engine == null) {
      throw new IllegalStateException(
          "The style '%s' needs the engine '%s', but there is only: %s"
              .formatted(style.id(), style.engine(), String.join(", ", engines.keySet())));
    }
    return engine;
  }
}
