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
 * A style for photos: a list of operations, applied in one pass over the rows. Deterministic and
 * immutable.
 */
public final class Style {
  /** The engine that applies a style's operations itself. */
  public static final String LOCAL = "local";

  /** Approximate number of progress reports per picture: smooth for a progress bar, and cheap. */
  private static final int REPORTS = 64;

  /** The fraction of the work that the operations on a reduced copy take. */
  private static final double COPY_SHARE = 0.2;

  /** The number of values per pixel of the reduced copy that operations have at once, at most. */
  private static final long COPIES = 14;

  /** A name and a description in one language. */
  record Texts(String name, String description) {}

  private final String id;
  private final String category;
  private final String engine;
  private final Map<String, Texts> texts;
  private final Texts english;
  private final List<Operation> operations;

  /**
   * @param engine the name of the engine that applies this style
   * @param texts by language code; English must be among them
   * @param operations the operations of the local engine; empty for other engines
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

  /** Returns professional, artistic, tech, creative or thematic. */
  public String category() {
    return category;
  }

  /** Returns the name of the engine that applies this style; {@value #LOCAL} is this package. */
  public String engine() {
    return engine;
  }

  /** Returns the English name. */
  public String name() {
    return name(Locale.ENGLISH);
  }

  /** Returns the English description, one sentence. */
  public String description() {
    return description(Locale.ENGLISH);
  }

  /** Returns the name in the locale's language if it is English or French, else in English. */
  public String name(Locale locale) {
    return in(locale).name();
  }

  /**
   * Returns the description in the locale's language if it is English or French, else in English.
   */
  public String description(Locale locale) {
    return in(locale).description();
  }

  /**
   * Returns a new picture in this style, of the same size and {@code TYPE_3BYTE_BGR}. Does not
   * change the source.
   *
   * @param progress is called at least 20 times; its exceptions stop the work and are passed on
   */
  public BufferedImage apply(BufferedImage source, Progress progress) {
    BufferedImage target = Bgr.create(source.getWidth(), source.getHeight());
    byte[] from = Bgr.pixels(Bgr.of(source));
    System.arraycopy(from, 0, Bgr.pixels(target), 0, from.length);
    applyTo(target, progress);
    return target;
  }

  /**
   * Changes a picture of {@code TYPE_3BYTE_BGR} to this style, without a copy at full size.
   *
   * @param progress is called at least 20 times; its exceptions stop the work and are passed on,
   *     and the picture is then in between
   */
  public void applyTo(BufferedImage picture, Progress progress) {
    Size size = new Size(picture.getWidth(), picture.getHeight());
    byte[] pixels = Bgr.pixels(picture);
    progress.at(0);
    List<Filter> filters = prepare(pixels, size, progress);
    double done = operationsOnCopy() == 0 ? 0 : COPY_SHARE;
    int every = Math.max(1, size.height() / REPORTS);
    int line = 3 * size.width();
    for (int y = 0; y < size.height(); y++) {
      for (Filter filter : filters) {
        filter.row(pixels, y * line, y);
      }
      if (y % every == every - 1 || y + 1 == size.height()) {
        progress.at(done + (1 - done) * (y + 1) / size.height());
      }
    }
  }

  private List<Filter> prepare(byte[] pixels, Size size, Progress progress) {
    int onCopy = operationsOnCopy();
    Copy small = onCopy == 0 ? null : Copy.of(pixels, size);
    List<Filter> filters = new ArrayList<>();
    for (int i = 0; i < operations.size(); i++) {
      Operation operation = operations.get(i);
      filters.add(operation.on(new View(size, small)));
      if (small != null && i + 1 < onCopy) {
        small = small.after(operation);
        progress.at(COPY_SHARE * (i + 1) / onCopy);
      }
    }
    return filters;
  }

  /** Returns the memory that {@link #applyTo} takes at most, in bytes of the heap. */
  public static long workingBytes(long width, long height) {
    Size small = new Size((int) width, (int) height).within(Copy.LONGEST_SIDE);
    return 4 * COPIES * small.width() * small.height();
  }

  /** Returns the number of operations up to the last one that reads the reduced copy. */
  private int operationsOnCopy() {
    int onCopy = 0;
    for (int i = 0; i < operations.size(); i++) {
      if (operations.get(i).usesNeighbours()) {
        onCopy = i + 1;
      }
    }
    return onCopy;
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
