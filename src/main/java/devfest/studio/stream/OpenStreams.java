package devfest.studio.stream;

import devfest.studio.cluster.Answerer;
import devfest.studio.cluster.Asks;
import devfest.studio.cluster.Cluster;
import devfest.studio.cluster.Membership;
import devfest.studio.cluster.Message;
import devfest.studio.cluster.Peers;
import devfest.studio.http.Cursor;
import devfest.studio.hub.Hub;
import devfest.studio.hub.Subscriber;
import devfest.studio.hub.Subscription;
import devfest.studio.hub.Transport;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Lists the open streams and WebSockets of all nodes. A message between nodes is small, so each
 * node is asked repeatedly for the next streams of a page. Safe for use from many threads.
 */
@ApplicationScoped
public class OpenStreams implements Answerer {

  /**
   * An open stream or WebSocket.
   *
   * @param node the name of the node that it is connected to
   * @param user null for an anonymous client
   * @param channels empty for all channels
   * @param position events up to here were sent to the client or do not concern it
   * @param behind the number of events above the position
   */
  @Schema(name = "OpenStream")
  public record Item(
      String clientId,
      String node,
      @Schema(nullable = true) @Nullable String user,
      String address,
      @Schema(enumeration = {"sse", "websocket"}) String transport,
      List<String> channels,
      Instant since,
      String position,
      long behind) {

    private JsonObject json() {
      var item =
          Message.JSON
              .createObjectBuilder()
              .add("clientId", clientId)
              .add("address", address)
              .add("transport", transport)
              .add("channels", Message.JSON.createArrayBuilder(channels))
              .add("since", since.toEpochMilli())
              .add("position", position)
              .add("behind", behind);
      if (user != null) {
        item.add("user", user);
      }
      return item.build();
    }

    private static Item of(JsonObject json, String node) {
      return new Item(
          json.getString("clientId"),
          node,
          json.getString("user", null),
          json.getString("address"),
          json.getString("transport"),
          json.getJsonArray("channels").getValuesAs(JsonString::getString),
          Instant.ofEpochMilli(json.getJsonNumber("since").longValue()),
          json.getString("position"),
          json.getJsonNumber("behind").longValue());
    }

    private Cursor cursor() {
      return new Cursor(since, clientId);
    }
  }

  /**
   * A page of the list.
   *
   * @param missingNodes the number of other nodes that did not answer; their streams are missing
   */
  @Schema(
      name = "StreamPage",
      requiredProperties = {"items", "next", "missingNodes"})
  public record Listed(
      List<Item> items,
      @Schema(nullable = true) @Nullable String next,
      @Schema(description = "The number of nodes that did not answer; their streams are missing")
          int missingNodes) {}

  /**
   * The first streams of one node after a cursor.
   *
   * @param more whether the node has more streams after the last item
   */
  private record Part(List<Item> items, boolean more) {}

  /** Asks all other nodes, and returns the answers of those that answer in time. */
  @FunctionalInterface
  interface Others {
    List<JsonObject> ask(JsonObject question);
  }

  private static final String TOPIC = "streams";

  /** A node that does not answer for this time is left out. */
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  /** The size of the items in a message; the rest is for its other members. */
  private static final int PART_BYTES = Message.MAX_BYTES - 500;

  /** Newest first, as {@link Cursor} sorts. */
  private static final Comparator<Item> ORDER =
      Comparator.comparing(Item::since).thenComparing(Item::clientId).reversed();

  private final StreamEngine engine;
  private final String node;
  private final Others others;
  private final Membership membership;

  @Inject
  OpenStreams(StreamEngine engine, Cluster cluster, Asks asks, Peers peers, Membership membership) {
    this(engine, cluster.name(), question -> ask(asks, peers, question), membership);
  }

  OpenStreams(StreamEngine engine, String node, Others others, Membership membership) {
    this.engine = engine;
    this.node = node;
    this.others = others;
    this.membership = membership;
  }

  private static List<JsonObject> ask(Asks asks, Peers peers, JsonObject question) {
    try {
      return asks.ask(TOPIC, question, Math.max(1, peers.size()), TIMEOUT)
          .get(2 * TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  /**
   * Returns a page, newest first. It may have fewer streams than the limit although more follow. A
   * node that does not answer within a second is left out.
   */
  public Listed list(Cursor after, int limit) {
    List<Item> items = new ArrayList<>();
    Cursor from = after;
    boolean more;
    int missing;
    do {
      List<JsonObject> answers = others.ask(question(from, limit + 1));
      missing = Math.max(0, membership.others() - answers.size());
      List<Part> parts = new ArrayList<>();
      parts.add(part(from, limit + 1, Integer.MAX_VALUE));
      answers.forEach(answer -> parts.add(parsed(answer)));
      List<Item> next = merged(parts);
      items.addAll(next);
      more = parts.stream().anyMatch(Part::more);
      from = next.isEmpty() ? from : next.get(next.size() - 1).cursor();
    } while (more && missing == 0 && items.size() <= limit);
    boolean cut = items.size() > limit;
    List<Item> page = cut ? items.subList(0, limit) : items;
    return new Listed(
        List.copyOf(page),
        (cut || more) && !page.isEmpty() ? page.get(page.size() - 1).cursor().toString() : null,
        missing);
  }

  /**
   * Merges the parts as far as they are complete: a node that has more streams may have some before
   * the last streams of the others.
   */
  private static List<Item> merged(List<Part> parts) {
    Optional<Item> last =
        parts.stream()
            .filter(Part::more)
            .map(part -> part.items().get(part.items().size() - 1))
            .min(ORDER);
    return parts.stream()
        .flatMap(part -> part.items().stream())
        .filter(item -> last.isEmpty() || ORDER.compare(item, last.get()) <= 0)
        .sorted(ORDER)
        .toList();
  }

  /**
   * The first streams of this node after the cursor.
   *
   * @param bytes the maximum size of the items as JSON; the first one always fits into a message
   */
  private Part part(Cursor after, int limit, int bytes) {
    Hub hub = engine.hub();
    long head = hub.head();
    List<Subscription> found =
        hub.subscriptions().stream()
            .filter(each -> each.transport() != Transport.POLLING)
            .filter(each -> isAfter(after, each))
            .sorted(
                Comparator.comparing(OpenStreams::millis)
                    .thenComparing(Subscription::id)
                    .reversed())
            .limit(limit + 1L)
            .toList();
    List<Item> items = new ArrayList<>();
    int size = 0;
    for (Subscription each : found) {
      Item item = item(each, head);
      size += bytes == Integer.MAX_VALUE ? 0 : size(item);
      if (items.size() == limit || (size > bytes && !items.isEmpty())) {
        return new Part(items, true);
      }
      items.add(item);
    }
    return new Part(items, false);
  }

  private static int size(Item item) {
    return item.json().toString().getBytes(StandardCharsets.UTF_8).length + 1;
  }

  private static Instant millis(Subscription subscription) {
    return Instant.ofEpochMilli(subscription.since().toEpochMilli());
  }

  private static boolean isAfter(Cursor cursor, Subscription subscription) {
    int order = millis(subscription).compareTo(cursor.at());
    return order < 0 || (order == 0 && subscription.id().compareTo(cursor.id()) < 0);
  }

  private Item item(Subscription subscription, long head) {
    Subscriber subscriber = subscription.subscriber();
    long position = Math.min(head, subscription.position());
    return new Item(
        subscription.id(),
        node,
        subscriber.userId(),
        subscriber.address(),
        subscription.transport() == Transport.WEBSOCKET ? "websocket" : "sse",
        subscription.filter().channels(),
        millis(subscription),
        Long.toString(position),
        head - position);
  }

  private static JsonObject question(Cursor after, int limit) {
    return Message.JSON
        .createObjectBuilder()
        .add("after", after.toString())
        .add("limit", limit)
        .build();
  }

  private static Part parsed(JsonObject answer) {
    String name = answer.getString("node");
    List<Item> items =
        answer.getJsonArray("items").stream()
            .map(JsonValue::asJsonObject)
            .map(item -> Item.of(item, name))
            .toList();
    return new Part(items, answer.getBoolean("more") && !items.isEmpty());
  }

  @Override
  public String topic() {
    return TOPIC;
  }

  @Override
  public CompletionStage<Optional<JsonObject>> answer(JsonObject question) {
    Part part = part(Cursor.of(question.getString("after")), question.getInt("limit"), PART_BYTES);
    JsonArrayBuilder items = Message.JSON.createArrayBuilder();
    part.items().forEach(item -> items.add(item.json()));
    JsonObject answer =
        Message.JSON
            .createObjectBuilder()
            .add("node", node)
            .add("more", part.more())
            .add("items", items)
            .build();
    return CompletableFuture.completedFuture(Optional.of(answer));
  }
}
