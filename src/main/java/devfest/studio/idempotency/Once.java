package devfest.studio.idempotency;

import devfest.studio.http.Success;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonStructure;
import jakarta.json.bind.Jsonb;
import java.util.Optional;
import java.util.function.Supplier;

/** Does what a request asks for once, however often it comes. */
@ApplicationScoped
public class Once {

  @Inject private Replies replies;
  @Inject private Jsonb json;

  /**
   * @param key empty does the work each time
   * @param work one short transaction's worth; may run in the caller's stead within one
   */
  public Reply reply(Optional<Key> key, Supplier<Reply> work) {
    if (key.isEmpty()) {
      return work.get();
    }
    Optional<Reply> known = replies.known(key.get());
    if (known.isPresent()) {
      return known.get();
    }
    try {
      return replies.first(key.get(), work);
    } catch (RuntimeException e) {
      // Somebody else was first, or the work failed, which then nobody knows.
      return replies.known(key.get()).orElseThrow(() -> e);
    }
  }

  /** A success with its data, as every answer has it. */
  public Reply success(int status, String location, Object data) {
    return new Reply(status, location, json.toJson(Success.of(data)));
  }

  /** An answer of its own shape. */
  public Reply plain(JsonStructure body) {
    return new Reply(200, null, body.toString());
  }
}
