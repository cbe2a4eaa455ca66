package devfest.studio.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Receives the questions of other nodes, and sends the answers. Thread-safe. */
@ApplicationScoped
class Questions implements Receiver {

  static final String KIND = "ask";

  private static final Logger LOG = System.getLogger(Questions.class.getName());

  private final Cluster cluster;
  private final Instance<Answerer> answerers;
  private final Clock clock;

  @Inject
  Questions(Cluster cluster, @Any Instance<Answerer> answerers, Clock clock) {
    this.cluster = cluster;
    this.answerers = answerers;
    this.clock = clock;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public void received(String node, JsonObject data) {
    String id = data.getString("id");
    if (data.getJsonNumber("until").longValue() < clock.millis()) {
      return; // delayed by an outage: the node does not wait any longer
    }
    boolean always = data.getBoolean("always", false); // an older version expects no empty answer
    answerTo(data)
        .whenComplete(
            (answer, failure) -> {
              if (failure != null) {
                LOG.log(Level.WARNING, "A question of another node failed", failure);
              }
              Optional<JsonObject> found = failure == null ? answer : Optional.empty();
              if (always || found.isPresent()) {
                send(id, found);
              }
            });
  }

  private CompletionStage<Optional<JsonObject>> answerTo(JsonObject data) {
    try {
      for (Answerer answerer : answerers) {
        if (answerer.topic().equals(data.getString("topic"))) {
          return answerer.answer(data.getJsonObject("question"));
        }
      }
      return CompletableFuture.completedFuture(Optional.empty());
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void send(String id, Optional<JsonObject> answer) {
    JsonObjectBuilder data = Message.JSON.createObjectBuilder().add("id", id);
    answer.ifPresent(found -> data.add("answer", found));
    cluster.send(new Message(Asks.KIND, id, data.build()));
  }
}
