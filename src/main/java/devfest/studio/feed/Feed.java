package devfest.studio.feed;

import devfest.studio.security.Caller;
import java.util.Optional;

/**
 * A part of the studio that clients can follow: first a snapshot, then changes. Every CDI bean of
 * this type is in the {@link Catalogue}, is a channel of {@code /stream}, and can have a stream of
 * its own through {@link Feeds#open}.
 *
 * <p>There are two kinds. Choose by what a client that was offline needs:
 *
 * <ul>
 *   <li>A {@link StateFeed} shows a state, of which only the newest counts: a score, a countdown, a
 *       number. A client that was offline gets the present state.
 *   <li>A {@link LogFeed} shows items, of which each one counts: chat messages, notifications. A
 *       client that was offline gets the items that it missed.
 * </ul>
 *
 * <p>All other abilities are optional interfaces:
 *
 * <table>
 *   <caption>Optional abilities</caption>
 *   <tr><td>{@link PerId}</td><td>it has one channel for each of many things</td></tr>
 *   <tr><td>{@link Items}</td><td>a state feed that also sends single items</td></tr>
 *   <tr><td>{@link Pulse}</td><td>its state changes with time alone</td></tr>
 *   <tr><td>{@link Ending}</td><td>its state becomes final, which ends the stream</td></tr>
 *   <tr><td>{@link Attended}</td><td>it is notified when callers start and stop following it</td></tr>
 *   <tr><td>{@link Recalling}</td><td>a log feed whose stream begins with the newest items</td></tr>
 *   <tr><td>{@link Unnamed}</td><td>a state feed whose stream does not name its messages</td></tr>
 * </table>
 *
 * <p>Methods are called from many threads at once, and may read the database.
 *
 * @param <S> the scopes that callers of this feed can have
 */
public interface Feed<S extends Scope> {

  /**
   * A message of the feed.
   *
   * @param name the name of the frame
   * @param data serialized to the frame's data with JSON-B
   */
  record Message(String name, Object data) {}

  /**
   * The name of its channel on {@code /stream}, which is also the channel of its events in the log.
   * Several feeds may share one. Clients cannot publish on it.
   */
  String channel();

  /** The part of the feed that the caller sees; empty if the caller may not follow the feed. */
  Optional<S> scope(Caller caller);
}
