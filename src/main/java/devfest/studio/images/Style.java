package devfest.studio.images;

import devfest.studio.images.Operation.Filter;
import devfest.studio.images.Operation.View;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A look for photos: a list of operations, run in one pass over the rows. Deterministic, immutable,
 * for many threads.
 */
public final class Style {
  /** The engine that applies a style's operations itself. */
  public static final String LOCAL = "local";

  private static final int REPORTS = 64;

  /** How much of the work is done when the rows begin, if there is a reduced copy to look at. */
  private static final double LOOKED_AROUND = 0.2;

  /** A name and a description in one language. */
  record Texts(String name, String description) {}

  private final String id;
  private final String category;
  private final String engine;
  private final Map<String, Texts> texts;
  private final Texts english;
  private final List<Operation> operations;

  /**
   * @param engine the name of the engine that makes pictures in this style
   * @param texts by language code; English must be among them
   * @param operations for the local engine; none for another
   */
  Style(
      String id,
      String category,
      String engine,
      Map<String, Texts> texts,
      List<Operation> operations) {
    this.id = id;
    this.category = category;
    this.engine = engine;
    this.texts = Map.copyOf(texts);
    this.english = Objects.requireNonNull(this.texts.get("en"), "A style needs English texts");
    this.operations = fused(operations);
  }

  public String id() {
    return id;
  }

  /** One of professional, artistic, tech, creative and thematic. */
  public String category() {
    return category;
  }

  /** The name of the engine that makes pictures in this style; {@value #LOCAL} is this package. */
  public String engine() {
    return engine;
  }

  /** In English. */
  public String name() {
    return name(Locale.ENGLISH);
  }

  /** In English: one sentence. */
  public String description() {
    return description(Locale.ENGLISH);
  }

  /** In the locale's language when it is English or French, else in English. */
  public String name(Locale locale) {
    return in(locale).name();
  }

  /** In the locale's language when it is English or French, else in English. */
  public String description(Locale locale) {
    return in(locale).description();
  }

  /**
   * A new picture in this style, of the same size and {@code TYPE_3BYTE_BGR}; the source stays as
   * it is.
   *
   * @param progress hears of the work at least 20 times; what it throws ends the work and is passed
   *     on
   */
  public BufferedImage apply(BufferedImage source, Progress progress) {
    Size size = new Size(source.getWidth(), source.getHeight());
    byte[] from = Bgr.pixels(Bgr.of(source));
    BufferedImage target = Bgr.create(size.width(), size.height());
    byte[] to = Bgr.pixels(target);
    progress.at(0);
    List<Filter> filters = prepare(from, size, progress);
    double begun = looks() == 0 ? 0 : LOOKED_AROUND;
    int every = Math.max(1, size.height() / REPORTS);
    int line = 3 * size.width();
    for (int y = 0; y < size.height(); y++) {
      System.arraycopy(from, y * line, to, y * line, line);
      for (Filter filter : filters) {
        filter.row(to, y * line, y);
      }
      if (y % every == every - 1 || y + 1 == size.height()) {
        progress.at(begun + (1 - begun) * (y + 1) / size.height());
      }
    }
    return target;
  }

  private List<Filter> prepare(byte[] pixels, Size size, Progress progress) {
    int looks = looks();
    Copy small = looks == 0 ? null : Copy.of(pixels, size);
    List<Filter> filters = new ArrayList<>();
    for (int i = 0; i < operations.size(); i++) {
      Operation operation = operations.get(i);
      filters.add(operation.on(new View(size, small)));
      if (small != null && i + 1 < looks) {
        small = small.after(operation);
        progress.at(LOOKED_AROUND * (i + 1) / looks);
      }
    }
    return filters;
  }

  /** How many operations there are up to the last that looks at the reduced copy. */
  private int looks() {
    int looks = 0;
    for (int i = 0; i < operations.size(); i++) {
      if (operations.get(i).looksAround()) {
        looks = i + 1;
      }
    }
    return looks;
  }

  private Texts in(Locale locale) {
    Texts own = texts.get(locale.getLanguage());
    return own == null ? english : own;
  }

  private static List<Operation> fused(List<Operation> operations) {
    List<Operation> fused = new ArrayList<>();
    for (Operation operation : operations) {
      int last = fused.size() - 1;
      if (last < 0) {
        fused.add(operation);
      } else {
        fused
            .get(last)
            .fusedWith(operation)
            .ifPresentOrElse(both -> fused.set(last, both), () -> fused.add(operation));
      }
    }
    return List.copyOf(fused);
  }
}
