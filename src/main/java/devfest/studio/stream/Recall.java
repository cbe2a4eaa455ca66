package devfest.studio.stream;

import java.util.List;

/**
 * What a stream sends first to a client that does not say where to begin: the newest events, in
 * place of {@code connected}.
 *
 * @param count how many events at most; 0 for a stream that begins with {@code connected}
 * @param types the types that count; empty for all
 */
public record Recall(int count, List<String> types) {

  /** Begins with {@code connected}, then with what is new. */
  public static final Recall NONE = new Recall(0, List.of());
}
