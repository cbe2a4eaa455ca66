package devfest.studio.personal;

import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The files of an export, one after another. Used by one thread. */
public interface Export {

  /** The number of items to read at a time: few queries, and little memory. */
  int PAGE = 200;

  /**
   * Adds a file with a JSON array.
   *
   * @param name the name of the file, for example {@code photos.json}
   * @param items are serialized with JSON-B
   */
  void array(String name, Iterator<?> items) throws IOException;

  /**
   * Adds a text file.
   *
   * @param lines without line ends
   */
  void lines(String name, Iterator<String> lines) throws IOException;

  /** Adds a file as it is, for example {@code photos/ID.jpg}. The caller closes the content. */
  void file(String name, InputStream content) throws IOException;

  /**
   * Reads a list page by page.
   *
   * @param after returns the items that follow an item, at first null; empty at the end
   */
  static <T> Iterator<T> pages(Function<@Nullable T, List<T>> after) {
    return new Iterator<>() {

      private Iterator<T> page = List.<T>of().iterator();
      private @Nullable T last;
      private boolean ended;

      @Override
      public boolean hasNext() {
        if (!page.hasNext() && !ended) {
          page = after.apply(last).iterator();
          ended = !page.hasNext();
        }
        return page.hasNext();
      }

      @Override
      public T next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        T item = page.next();
        last = item;
        return item;
      }
    };
  }

  /** Converts each item when it is needed. */
  static <S, T> Iterator<T> map(Iterator<S> items, Function<S, T> view) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return items.hasNext();
      }

      @Override
      public T next() {
        return view.apply(items.next());
      }
    };
  }
}
