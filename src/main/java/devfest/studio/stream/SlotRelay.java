package devfest.studio.stream;

import devfest.studio.cluster.Cluster;
import devfest.studio.cluster.Message;
import devfest.studio.cluster.Peers;
import devfest.studio.cluster.Receiver;
import devfest.studio.hub.Slots;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The numbers of streams that users and addresses have open on other nodes, so that their limits
 * are of all nodes, give or take a second. Every second a node sends the numbers that have changed,
 * and now and then all of them, because messages may be lost. The numbers of a node that is silent
 * do not count. Safe for use from many threads.
 */
@ApplicationScoped
class SlotRelay implements Receiver, Slots.Elsewhere {

  private static final String KIND = "slots";

  /** The size of the numbers in a message; the rest is for its other members. */
  private static final int PART_BYTES = Message.MAX_BYTES - 200;

  /** The size of a number after its key, with the characters between them. */
  private static final int NUMBER_BYTES = 15;

  /**
   * The largest number of messages per second: few enough that other messages do not wait. They
   * hold the numbers of 2,500 users with ids of 36 characters.
   */
  static final int MAX_PARTS = 20;

  /** Bounds the memory of keys without streams whose numbers wait. */
  private static final int MAX_DUE = 20_000;

  /** How often all numbers are sent. */
  private static final long ALL_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** A number that is not repeated for this time is out of date: a message was lost. */
  private static final long VALID_NANOS = 2 * ALL_NANOS + TimeUnit.SECONDS.toNanos(5);

  private final Cluster cluster;
  private final Peers peers;

  /** The numbers by node and by quota key. */
  private final Map<String, Map<String, Count>> nodes = new ConcurrentHashMap<>();

  /** When all numbers became due, by {@link System#nanoTime}; used by the thread that sends. */
  private long allDueAt = System.nanoTime() - ALL_NANOS;

  /** The quota keys whose numbers are due, in order; used by the thread that sends. */
  private final Set<String> due = new LinkedHashSet<>();

  /** Whether another node has missed messages, or is new. */
  private volatile boolean wanted;

  /**
   * @param inUse the number of streams
   * @param at when it was received, by {@link System#nanoTime}
   */
  private record Count(int inUse, long at) {}

  @Inject
  SlotRelay(Cluster cluster, Peers peers) {
    this.cluster = cluster;
    this.peers = peers;
  }

  /**
   * Sends numbers that are due: first those that have changed. The rest waits for the next second.
   * Called every second by one thread.
   */
  void send(Slots slots) {
    dropOld();
    Set<String> changes = slots.changes().byKey().keySet(); // taken always: they must not pile up
    if (peers.size() == 0) {
      due.clear();
      return;
    }
    List<String> waiting = List.copyOf(due);
    due.clear();
    due.addAll(changes);
    due.addAll(waiting);
    long now = System.nanoTime();
    if (wanted || now - allDueAt >= ALL_NANOS) {
      wanted = false;
      allDueAt = now;
      due.addAll(slots.all().byKey().keySet());
    }
    for (int part = 0; part < MAX_PARTS && !due.isEmpty(); part++) {
      sendPart(slots);
    }
    if (due.size() > MAX_DUE) {
      due.removeIf(key -> slots.inUse(key) == 0); // elsewhere, their numbers become invalid
    }
  }

  /** Sends as many numbers as fit into a message. */
  private void sendPart(Slots slots) {
    JsonObjectBuilder counts = Message.JSON.createObjectBuilder();
    int bytes = 0;
    for (Iterator<String> keys = due.iterator(); keys.hasNext(); ) {
      String key = keys.next();
      bytes += bytes(key) + NUMBER_BYTES;
      if (bytes > PART_BYTES) {
        break;
      }
      counts.add(key, slots.inUse(key));
      keys.remove();
    }
    cluster.send(
        new Message(
            KIND,
            UUID.randomUUID().toString(), // so that a later message does not replace it
            Message.JSON.createObjectBuilder().add("counts", counts).build()));
  }

  /** The size of a key in a message. */
  private static int bytes(String key) {
    return Message.JSON.createValue(key).toString().getBytes(StandardCharsets.UTF_8).length;
  }

  private void dropOld() {
    long now = System.nanoTime();
    nodes
        .values()
        .forEach(counts -> counts.values().removeIf(count -> now - count.at() > VALID_NANOS));
    nodes.entrySet().removeIf(each -> each.getValue().isEmpty() && !peers.has(each.getKey()));
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public void received(String node, JsonObject data) {
    if (data.containsKey("wanted")) {
      wanted = true;
      return;
    }
    Map<String, Count> counts = nodes.computeIfAbsent(node, n -> new ConcurrentHashMap<>());
    long now = System.nanoTime();
    data.getJsonObject("counts")
        .forEach(
            (key, value) -> {
              int inUse = ((JsonNumber) value).intValue();
              if (inUse == 0) {
                counts.remove(key);
              } else {
                counts.put(key, new Count(inUse, now));
              }
            });
  }

  /**
   * Forgets the numbers, which may be out of date, and makes all nodes send theirs again, this one
   * too.
   */
  @Override
  public void connected() {
    nodes.clear();
    wanted = true;
    cluster.send(
        new Message(
            KIND, "wanted", Message.JSON.createObjectBuilder().add("wanted", true).build()));
  }

  @Override
  public int inUse(String quotaKey) {
    int sum = 0;
    for (Map.Entry<String, Map<String, Count>> node : nodes.entrySet()) {
      Count count = node.getValue().get(quotaKey);
      sum += count == null || !peers.has(node.getKey()) ? 0 : count.inUse();
    }
    return sum;
  }

  /** The limit in total is of each node. */
  @Override
  public int inUse() {
    return 0;
  }
}
