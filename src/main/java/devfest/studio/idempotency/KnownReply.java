package devfest.studio.idempotency;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A stored reply. */
@Entity
@Table(name = "known_reply")
class KnownReply {

  @Id private String id;
  private String request;

  @Column(name = "user_id")
  private @Nullable String userId;

  private int status;
  private @Nullable String location;
  private String body;

  @Column(name = "created_at")
  private Instant createdAt;

  protected KnownReply() {}

  /** Reserves the key; the reply is set later in the same transaction. */
  KnownReply(Key key, Instant now) {
    id = key.id();
    request = key.request();
    userId = key.user();
    body = "";
    createdAt = now;
  }

  void set(Reply reply) {
    status = reply.status();
    location = reply.location();
    body = reply.body();
  }

  boolean matches(Key key) {
    return request.equals(key.request());
  }

  boolean isOlderThan(Instant instant) {
    return createdAt.isBefore(instant);
  }

  Reply reply() {
    return new Reply(status, location, body);
  }
}
