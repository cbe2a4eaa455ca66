package devfest.studio.cluster;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Asks all other nodes a question, and collects their answers. For what only one node can do or
 * know, such as a change of a stream that is open there. Questions and answers may be lost, so each
 * has a timeout. Safe for use from many threads.
 */
@ApplicationScoped
public class Asks implements Receiver {

  static final String KIND = "answer";

  /** Bounds the memory, and the messages while other nodes do not answer. */
  private static final int MAX_OPEN = 200;

  /** After this time, a node that was lost before its answer is no longer a peer. */
  private static final Duration RECHECK = Duration.ofSeconds(3);

  private final Cluster cluster;
  private final Peers peers;
  private final Clock clock;
  private final Map<String, Question> open = new ConcurrentHashMap<>();

  @Inject
  Asks(Cluster cluster, Peers peers, Clock clock) {
    this.cluster = cluster;
    this.peers = peers;
    this.clock = clock;
  }

  /** A question that waits for answers. */
  private final class Question {

    private final String topic;
    private final int expected;
    private final CompletableFuture<List<JsonObject>> result = new CompletableFuture<>();

    /** The answers by node; a node that has no answer has an empty one. */
    @GuardedBy("this")
    private final Map<String, Optional<JsonObject>> answers = new LinkedHashMap<>();

    Question(String topic, int expected) {
      this.topic = topic;
      this.expected = expected;
    }

    synchronized void add(String node, Optional<JsonObject> answer) {
      answers.put(node, answer);
      check();
    }

    /** Ends the question if no further answer is expected. */
    synchronized void check() {
      if (found().size() >= expected || answers.keySet().containsAll(peers.nodes())) {
        end();
      }
    }

    synchronized void end() {
      boolean ignored = result.complete(found());
    }

    @GuardedBy("this")
    private List<JsonObject> found() {
      return answers.values().stream().flatMap(Optional::stream).toList();
    }
  }

  /**
   * Asks all other nodes. The result is complete as soon as each of them has answered, if only that
   * it has no answer.
   *
   * @param topic selects the {@link Answerer}
   * @param expected the number of answers that complete the result at once
   * @param timeout the time after which the result has the answers so far
   * @return the answers, one per node; empty at once if there is no other node, the signal is not
   *     connected or too many questions of the topic are open. Completes on any thread
   */
  public CompletableFuture<List<JsonObject>> ask(
      String topic, JsonObject data, int expected, Duration timeout) {
    if (!cluster.isConnected() || peers.nodes().isEmpty() || isFull(topic)) {
      return CompletableFuture.completedFuture(List.of());
    }
    String id = UUID.randomUUID().toString();
    Question question = new Question(topic, expected);
    open.put(id, question);
    cluster.send(
        new Message(
            Questions.KIND,
            id,
            Message.JSON
                .createObjectBuilder()
                .add("id", id)
                .add("until", clock.millis() + timeout.toMillis())
                .add("topic", topic)
                .add("always", true)
                .add("question", data)
                .build()));
    after(timeout, question::end);
    if (timeout.compareTo(RECHECK) > 0) {
      after(RECHECK, question::check);
    }
    return question.result.whenComplete((answers, failure) -> open.remove(id));
  }

  private boolean isFull(String topic) {
    return open.values().stream().filter(each -> each.topic.equals(topic)).count() >= MAX_OPEN;
  }

  private static void after(Duration delay, Runnable task) {
    CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS, Runnable::run)
        .execute(task);
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public void received(String node, JsonObject data) {
    Question question = open.get(data.getString("id")); // null if it was another node's question
    if (question != null) {
      question.add(node, Optional.ofNullable(data.getJsonObject("answer")));
    }
  }
}
