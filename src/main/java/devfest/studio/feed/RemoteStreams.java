package devfest.studio.feed;

import devfest.studio.cluster.Answerer;
import devfest.studio.cluster.Asks;
import devfest.studio.cluster.Message;
import devfest.studio.http.Code;
import devfest.studio.http.Problem;
import devfest.studio.security.Caller;
import devfest.studio.stream.StreamEngine;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/**
 * Changes the channels of streams that are open on another node. The question contains the id of
 * the caller, and no credential: the node that has the stream checks that it belongs to the caller,
 * and which channels the stream's own viewer may follow. Safe for use from many threads.
 */
@ApplicationScoped
class RemoteStreams implements Answerer {

  private static final String TOPIC = "channels";

  /**
   * Longer than the node with the stream may need, which is 10 s at most. The other nodes answer at
   * once that they have no such stream.
   */
  private static final Duration TIMEOUT = Duration.ofSeconds(12);

  private final Asks asks;
  private final Channels channels;
  private final StreamEngine engine;

  @Inject
  RemoteStreams(Asks asks, Channels channels, StreamEngine engine) {
    this.asks = asks;
    this.channels = channels;
    this.engine = engine;
  }

  /**
   * Changes the channels of the caller's stream. Blocks until the other node answers.
   *
   * @return the channels after the change; empty if no other node has such a stream, or it does not
   *     answer in time
   * @throws Problem as for a stream of this node
   */
  Optional<List<String>> change(
      String clientId, Caller caller, List<String> add, List<String> remove) {
    JsonObjectBuilder question =
        Message.JSON
            .createObjectBuilder()
            .add("clientId", clientId)
            .add("add", Message.JSON.createArrayBuilder(add))
            .add("remove", Message.JSON.createArrayBuilder(remove));
    if (caller.userId() != null) {
      question.add("userId", caller.userId());
    }
    try {
      return asks.ask(TOPIC, question.build(), 1, TIMEOUT).get().stream()
          .findFirst()
          .map(RemoteStreams::result);
    } catch (ExecutionException e) {
      throw new IllegalStateException("Another node could not be asked.", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static List<String> result(JsonObject answer) {
    if (answer.containsKey("code")) {
      throw new Problem(Code.valueOf(answer.getString("code")), answer.getString("message"));
    }
    return texts(answer, "channels");
  }

  private static List<String> texts(JsonObject data, String name) {
    return data.getJsonArray(name).getValuesAs(JsonString::getString);
  }

  @Override
  public String topic() {
    return TOPIC;
  }

  @Override
  public CompletionStage<Optional<JsonObject>> answer(JsonObject question) {
    Caller caller =
        new Caller(question.getString("userId", null), null, Set.of(), null, null, null);
    Optional<ChannelStream> stream = channels.find(question.getString("clientId"), caller);
    CompletableFuture<Optional<JsonObject>> answer = new CompletableFuture<>();
    if (stream.isEmpty()) {
      answer.complete(Optional.empty());
    } else { // blocks
      engine.later(
          0,
          () -> {
            try {
              answer.complete(Optional.of(change(stream.get(), question)));
            } catch (RuntimeException e) {
              answer.completeExceptionally(e);
            }
          });
    }
    return answer;
  }

  private JsonObject change(ChannelStream stream, JsonObject question) {
    JsonObjectBuilder answer = Message.JSON.createObjectBuilder();
    try {
      List<String> all = channels.change(stream, texts(question, "add"), texts(question, "remove"));
      answer.add("channels", Message.JSON.createArrayBuilder(all));
    } catch (Problem e) {
      answer.add("code", e.code().name()).add("message", String.valueOf(e.getMessage()));
    }
    return answer.build();
  }
}
