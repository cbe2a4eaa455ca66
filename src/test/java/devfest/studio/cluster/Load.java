package devfest.studio.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.SseReader;
import devfest.studio.TestJson;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;

/**
 * Publishers that race on all nodes, and readers that move between the nodes at random. Each event
 * is published under an idempotency key until a node acknowledges it. Every reader must see every
 * acknowledged event once, in one order without a gap.
 */
final class Load implements AutoCloseable {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static final int PUBLISHERS = 4;
  private static final int READERS = 4;

  /** About 80 events per second in total: enough to race, and two cores can do it. */
  private static final long PAUSE_MILLIS = 50;

  private static final Duration CATCH_UP = Duration.ofSeconds(40);

  /** The rounds for which a reader waits for its first event, so that a slow machine has them. */
  private static final int PATIENT = 50;

  /** What a client may get while a part of the studio is unavailable. */
  private static final Set<Integer> TEMPORARY = Set.of(429, 503);

  /** An administrator, who sees every event, at each node. */
  private final List<Client> nodes;

  private final String type;
  private final Set<Integer> temporary;
  private final AtomicBoolean publishing = new AtomicBoolean(true);
  private final AtomicBoolean reading = new AtomicBoolean(true);
  private final List<Thread> publishers = new ArrayList<>();
  private final List<Reader> readers = new ArrayList<>();
  private final Queue<String> faults = new ConcurrentLinkedQueue<>();

  /** Why events were not acknowledged or streams not opened, and how often. */
  private final Map<String, Integer> refusals = new ConcurrentHashMap<>();

  /** The position of each acknowledged event by its name. */
  private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();

  /**
   * @param type the type of the events; unique for each load
   */
  Load(String type, List<Client> nodes) {
    this(type, nodes, TEMPORARY);
  }

  /**
   * @param temporary the statuses that a client may get for a while
   */
  Load(String type, List<Client> nodes, Set<Integer> temporary) {
    this.type = type;
    this.temporary = temporary;
    this.nodes = nodes;
    String start = nodes.get(0).publish(type + ".start", "1", "public");
    for (int i = 0; i < READERS; i++) {
      Reader reader = new Reader(Long.parseLong(start));
      readers.add(reader);
      reader.start();
    }
    for (int i = 0; i < PUBLISHERS; i++) {
      String name = type + '-' + i;
      Thread publisher = new Thread(() -> publish(name), name);
      publishers.add(publisher);
      publisher.start();
    }
  }

  private Client anyNode() {
    return nodes.get(ThreadLocalRandom.current().nextInt(nodes.size()));
  }

  private void publish(String publisher) {
    for (int i = 0; publishing.get(); i++) {
      String name = publisher + '-' + i;
      String body =
          "{\"event\":\"%s\",\"visibility\":\"public\",\"data\":{\"name\":\"%s\"}}"
              .formatted(type, name);
      while (!isAcknowledged(name, body) && !Thread.currentThread().isInterrupted()) {
        pause();
      }
      pause();
    }
  }

  private boolean isAcknowledged(String name, String body) {
    Client node = anyNode();
    try {
      HttpResponse<byte[]> response = // of the studio or of a proxy, which has no document
          HTTP.send(
              node.request("/api/v1/events")
                  .timeout(Duration.ofSeconds(20))
                  .header("Content-Type", "application/json")
                  .header("Idempotency-Key", name)
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      Client.Reply reply = new Client.Reply(response);
      if (reply.status() == 200) {
        acknowledged.put(name, Long.parseLong(reply.json().getJsonArray("eventIds").getString(0)));
        return true;
      }
      refusals.merge(node.uri("") + " " + reply.status(), 1, Integer::sum);
      if (!temporary.contains(reply.status())) {
        faults.add(
            "publish: " + reply.status() + ' ' + new String(reply.bytes(), StandardCharsets.UTF_8));
      }
    } catch (IOException e) { // the node is away; the same event goes to another
      refusals.merge(node.uri("") + " " + e, 1, Integer::sum);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  /** Reads the whole log from a position on, now at this node, now at that. */
  private final class Reader extends Thread {

    private final Map<String, Long> seen = new HashMap<>();
    private volatile long position;

    Reader(long start) {
      super("reader");
      position = start;
    }

    @Override
    public void run() {
      while (reading.get()) {
        Client node = anyNode();
        try (SseReader stream =
            SseReader.open(
                node.uri("/api/v1/events/stream"),
                "Authorization: Bearer " + node.token(),
                "Last-Event-ID: " + position)) {
          if (stream.status() != 200) {
            refusals.merge("stream " + node.uri("") + ' ' + stream.status(), 1, Integer::sum);
            if (!temporary.contains(stream.status())) {
              faults.add("stream: " + stream.status());
            }
            pause();
            continue;
          }
          int rounds = ThreadLocalRandom.current().nextInt(1, 12);
          long start = position;
          for (int i = 0;
              reading.get() && i < (position == start ? Math.max(rounds, PATIENT) : rounds);
              i++) {
            stream.during(Duration.ofMillis(200)).forEach(this::take);
          }
        } catch (IOException e) {
          refusals.merge("stream " + node.uri("") + ' ' + e, 1, Integer::sum);
          pause(); // the node is away
        } catch (AssertionError | RuntimeException e) {
          faults.add(e.toString());
        } catch (InterruptedException e) {
          return;
        }
      }
    }

    private void take(SseReader.Frame frame) {
      if ("stream.reset".equals(frame.event())) {
        faults.add("a reader at " + position + " was reset: " + frame.data());
      }
      if (frame.id() == null || "connected".equals(frame.event())) {
        return;
      }
      long next = Long.parseLong(frame.id());
      if (next != position + 1) {
        faults.add("a reader got " + next + " after " + position);
      }
      position = next;
      if (type.equals(frame.event())) {
        Long earlier = seen.put(name(frame), next);
        if (earlier != null) {
          faults.add(name(frame) + " was read at " + earlier + " and at " + next);
        }
      }
    }

    private String name(SseReader.Frame frame) {
      return TestJson.json(frame.data()).getJsonObject("data").getString("name");
    }
  }

  /** The number of acknowledged events so far. */
  int acknowledged() {
    return acknowledged.size();
  }

  /** Waits until so many more events have been acknowledged, which shows that the studio works. */
  void awaitProgress(int events) {
    int from = acknowledged();
    Awaitility.await()
        .untilAsserted(
            () ->
                assertTrue(
                    acknowledged() >= from + events,
                    () -> (acknowledged() - from) + " events, " + refusals + ", " + faults));
  }

  /**
   * Stops the publishers, waits for the readers while they come nearer, and checks what they saw.
   */
  void check() throws InterruptedException {
    publishing.set(false);
    for (Thread publisher : publishers) {
      publisher.join(CATCH_UP.toMillis());
      assertTrue(!publisher.isAlive(), "the last events are acknowledged");
    }
    long last = acknowledged.values().stream().mapToLong(Long::longValue).max().orElseThrow();
    for (Reader reader : readers) {
      awaitPosition(reader, last);
    }
    reading.set(false);
    for (Reader reader : readers) {
      reader.join(CATCH_UP.toMillis());
      assertTrue(
          reader.position >= last,
          () ->
              "a reader came to %d of %d; %s; %s"
                  .formatted(reader.position, last, refusals, faults));
      acknowledged.forEach(
          (name, position) -> {
            Long read = reader.seen.remove(name);
            if (!position.equals(read)) {
              faults.add(name + " was acknowledged at " + position + ", but read at " + read);
            }
          });
      reader.seen.forEach((name, read) -> faults.add(name + " was read again at " + read));
    }
    assertEquals(List.of(), List.copyOf(faults));
  }

  /** Waits until the reader has come to the position, or has not moved for a while. */
  private static void awaitPosition(Reader reader, long last) throws InterruptedException {
    long position = reader.position;
    long deadline = System.nanoTime() + CATCH_UP.toNanos();
    while (reader.position < last && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(50);
      if (reader.position > position) {
        position = reader.position;
        deadline = System.nanoTime() + CATCH_UP.toNanos();
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    publishing.set(false);
    reading.set(false);
    publishers.forEach(Thread::interrupt);
    readers.forEach(Thread::interrupt);
  }
}
