package devfest.studio.stream;

import java.util.List;

/**
 * The newest events that a stream replays to a client that requests no position. They replace
 * {@code connected}.
 *
 * @param count maximum number of events; 0 for a stream that begins with {@code connected}
 * @param types the types that are counted; empty for all types
 */
public record Recall(int count, List<String> types) {

  /** No replay: the stream begins with {@code connected}. */
  public static final Recall NONE = new Recall(0, List.of());
}
