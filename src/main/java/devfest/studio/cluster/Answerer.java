package devfest.studio.cluster;

import jakarta.json.JsonObject;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Answers the questions of other nodes about one topic. Implementations are beans. */
public interface Answerer {

  /** The topic of the questions. Unique. */
  String topic();

  /**
   * Answers a question of another node. Called by the thread that receives messages, so it must not
   * block; later work completes the result.
   *
   * @return empty if this node has no answer, which the node that asks learns at once; a failure
   *     counts as empty
   */
  CompletionStage<Optional<JsonObject>> answer(JsonObject question);
}
