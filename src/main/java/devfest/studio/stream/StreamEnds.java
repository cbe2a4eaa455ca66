package devfest.studio.stream;

import devfest.studio.cluster.Answerer;
import devfest.studio.cluster.Asks;
import devfest.studio.cluster.Membership;
import devfest.studio.cluster.Message;
import devfest.studio.cluster.Peers;
import devfest.studio.security.Revocations;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** Ends one open stream or WebSocket, on whatever node it is. Safe for use from many threads. */
@ApplicationScoped
public class StreamEnds implements Answerer {

  private static final String TOPIC = "end-stream";

  /** The other nodes answer at once; a lost message must not delay an admin for long. */
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private final StreamEngine engine;
  private final Asks asks;
  private final Peers peers;
  private final Membership membership;
  private final Revocations revocations;

  @Inject
  StreamEnds(
      StreamEngine engine, Asks asks, Peers peers, Membership membership, Revocations revocations) {
    this.engine = engine;
    this.asks = asks;
    this.peers = peers;
    this.membership = membership;
    this.revocations = revocations;
  }

  /**
   * Ends a stream with {@code stream.closed}, reason {@code revoked}. If a node does not answer, a
   * row ends the stream there within seconds.
   *
   * @return false if there is no such stream on any node
   */
  public boolean end(String clientId) {
    if (engine.hub().revoke(clientId)) {
      return true;
    }
    List<JsonObject> answers = ask(clientId);
    if (answers.stream().anyMatch(answer -> answer.getBoolean("ended"))) {
      return true;
    }
    if (answers.size() >= membership.others()) {
      return false;
    }
    revocations.revokeStream(clientId);
    return true;
  }

  private List<JsonObject> ask(String clientId) {
    JsonObject question = Message.JSON.createObjectBuilder().add("clientId", clientId).build();
    try {
      return asks.ask(TOPIC, question, Math.max(1, peers.size()), TIMEOUT).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("Another node could not be asked.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  @Override
  public String topic() {
    return TOPIC;
  }

  @Override
  public CompletionStage<Optional<JsonObject>> answer(JsonObject question) {
    boolean ended = engine.hub().revoke(question.getString("clientId"));
    return CompletableFuture.completedFuture(
        Optional.of(Message.JSON.createObjectBuilder().add("ended", ended).build()));
  }
}
