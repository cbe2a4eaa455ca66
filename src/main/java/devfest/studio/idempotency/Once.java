package devfest.studio.idempotency;

import devfest.studio.http.Success;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonStructure;
import jakarta.json.bind.Jsonb;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs an idempotent request once and returns the stored reply to repetitions. Safe for use from
 * many threads and nodes.
 */
@ApplicationScoped
public class Once {

  private final Replies replies;
  private final Jsonb json;

  @Inject
  Once(Replies replies, Jsonb json) {
    this.replies = replies;
    this.json = json;
  }

  /**
   * Runs the work, or returns the stored reply to an earlier request with the same key.
   *
   * @param key if empty, the work runs every time
   * @param work work for one short transaction; with a key, it runs inside a transaction that also
   *     stores the reply
   */
  public Reply reply(Optional<Key> key, Supplier<Reply> work) {
    if (key.isEmpty()) {
      return work.get();
    }
    Optional<Reply> known = replies.find(key.get());
    if (known.isPresent()) {
      return known.get();
    }
    try {
      return replies.runAndStore(key.get(), work);
    } catch (RuntimeException e) {
      // Either a concurrent request stored its reply first, or the work failed and no reply exists.
      return replies.find(key.get()).orElseThrow(() -> e);
    }
  }

  /** Builds a success reply with the envelope that all endpoints use. */
  public Reply success(int status, @Nullable String location, Object data) {
    return new Reply(status, location, json.toJson(Success.of(data)));
  }

  /** Builds a reply with status 200 and the body as it is, without the envelope. */
  public Reply plain(JsonStructure body) {
    return new Reply(200, null, body.toString());
  }
}
