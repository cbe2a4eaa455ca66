package devfest.studio.stream;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import devfest.studio.cluster.Answerer;
import devfest.studio.cluster.Asks;
import devfest.studio.cluster.Message;
import devfest.studio.cluster.Peers;
import devfest.studio.events.Event;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Counts the open streams of all nodes that match events. Other nodes are asked at most once per
 * second for the same kinds of events. Safe for use from many threads.
 */
@ApplicationScoped
public class MatchingStreams implements Answerer {

  private static final String TOPIC = "matching";

  /** Bounds the delay of publishing. */
  private static final int TIMEOUT_MILLIS = 150;

  /** How long an answer is valid, and how long nobody is asked after a question without answer. */
  private static final long VALID_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Bounds the memory. */
  private static final int MAX_ANSWERS = 1_000;

  /** Fits into a message. The count for more kinds of events in one request is a lower bound. */
  private static final int MAX_KINDS = 10;

  private final StreamEngine engine;
  private final Asks asks;
  private final Peers peers;

  /** The newest answers by the kinds of events. */
  @GuardedBy("itself")
  private final Map<Set<Event>, Answer> answers =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Set<Event>, Answer> eldest) {
          return size() > MAX_ANSWERS;
        }
      };

  /** When a question was not answered by all nodes, by {@link System#nanoTime}. */
  private volatile long silentAt = System.nanoTime() - VALID_NANOS;

  /**
   * @param count the number of streams on other nodes
   * @param at when they were asked, by {@link System#nanoTime}
   */
  private record Answer(CompletableFuture<Integer> count, long at) {}

  @Inject
  MatchingStreams(StreamEngine engine, Asks asks, Peers peers) {
    this.engine = engine;
    this.asks = asks;
    this.peers = peers;
  }

  /**
   * The number of open streams of all nodes that match at least one of the events. Waits for other
   * nodes {@value #TIMEOUT_MILLIS} ms at most.
   */
  public int count(Collection<Event> events) {
    return engine.matching(events) + elsewhere(kinds(events));
  }

  private static Set<Event> kinds(Collection<Event> events) {
    return events.stream()
        .map(Event::kind)
        .distinct()
        .limit(MAX_KINDS)
        .collect(Collectors.toUnmodifiableSet());
  }

  private int elsewhere(Set<Event> kinds) {
    int nodes = peers.size();
    if (nodes == 0) {
      return 0;
    }
    CompletableFuture<Integer> count = answer(kinds, nodes);
    try {
      return count.get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  /** Returns a recent answer, or asks. */
  private CompletableFuture<Integer> answer(Set<Event> kinds, int nodes) {
    long now = System.nanoTime();
    synchronized (answers) {
      @Nullable Answer known = answers.get(kinds);
      if (known != null && now - known.at() < VALID_NANOS) {
        return known.count();
      }
      if (now - silentAt < VALID_NANOS) {
        return known == null ? CompletableFuture.completedFuture(0) : known.count();
      }
      CompletableFuture<Integer> count =
          asks.ask(TOPIC, question(kinds), nodes, Duration.ofMillis(TIMEOUT_MILLIS))
              .thenApply(
                  found -> {
                    if (found.size() < nodes) {
                      silentAt = System.nanoTime();
                    }
                    return found.stream().mapToInt(each -> each.getInt("count")).sum();
                  });
      answers.remove(kinds); // so that the newest is the last
      answers.put(kinds, new Answer(count, now));
      return count;
    }
  }

  private static JsonObject question(Set<Event> kinds) {
    JsonArrayBuilder events = Message.JSON.createArrayBuilder();
    kinds.forEach(kind -> events.add(EventJson.of(kind)));
    return Message.JSON.createObjectBuilder().add("events", events).build();
  }

  @Override
  public String topic() {
    return TOPIC;
  }

  @Override
  public CompletionStage<Optional<JsonObject>> answer(JsonObject question) {
    List<Event> events =
        question.getJsonArray("events").stream()
            .map(JsonValue::asJsonObject)
            .map(EventJson::event)
            .toList();
    JsonObject answer =
        Message.JSON.createObjectBuilder().add("count", engine.matching(events)).build();
    return CompletableFuture.completedFuture(Optional.of(answer));
  }
}
