package devfest.studio.stream;

import devfest.studio.cluster.Message;
import devfest.studio.cluster.Receiver;
import devfest.studio.security.UserRevoked;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.List;

/** Receives the revocations of users at other nodes. Safe for use from many threads. */
@ApplicationScoped
class UserRelay implements Receiver {

  private static final String KIND = "user-revoked";

  private final Revoker revoker;

  @Inject
  UserRelay(Revoker revoker) {
    this.revoker = revoker;
  }

  static Message message(UserRevoked user) {
    return new Message(
        KIND,
        user.subject(),
        Message.JSON
            .createObjectBuilder()
            .add("subject", user.subject())
            .add("at", user.at().toEpochMilli())
            .add("until", user.until().toEpochMilli())
            .build());
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public void received(String node, JsonObject data) {
    revoker.revoke(
        List.of(
            new UserRevoked(
                data.getString("subject"), instant(data, "at"), instant(data, "until"))));
  }

  private static Instant instant(JsonObject data, String name) {
    return Instant.ofEpochMilli(data.getJsonNumber(name).longValue());
  }
}
