package devfest.studio.feeds.chat;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.feeds.chat.Attendance.Member;
import devfest.studio.jobs.Transactions;
import devfest.studio.log.Database;
import devfest.studio.stream.FastEngine;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The users of several nodes with one PostgreSQL. */
class PostgresPresenceIT {

  private static final List<String> USERS = List.of("ann", "bob", "carl");

  private static Database database;
  private static Transactions transactions;

  private final Queue<ChatNode.Numbered> changes = new ConcurrentLinkedQueue<>();
  private final AtomicInteger announced = new AtomicInteger();
  private final FastEngine engine = new FastEngine(100);
  private ChatNode[] nodes;

  @BeforeAll
  static void open() {
    database = Database.postgres();
    transactions = new Transactions(database);
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @BeforeEach
  void start() {
    nodes = new ChatNode[] {node("a"), node("b")};
  }

  @AfterEach
  void stop() {
    engine.stop();
    for (String table : List.of("presence_node", "presence", "node")) {
      transactions.run(
          () -> transactions.em().createNativeQuery("delete from " + table).executeUpdate());
    }
  }

  private ChatNode node(String id) {
    ChatNode node =
        new ChatNode(
            id, transactions, engine, () -> {}, changes::add, event -> announced.incrementAndGet());
    node.register();
    return node;
  }

  private long present() {
    return transactions.in(
        () ->
            ((Number)
                    transactions
                        .em()
                        .createNativeQuery("select count(*) from presence")
                        .getSingleResult())
                .longValue());
  }

  /** Connects users to a node and disconnects them at random, and disconnects all at the end. */
  private static void visit(ChatNode node, int seed) {
    Random random = new Random(seed);
    Deque<Member> open = new ArrayDeque<>();
    for (int i = 0; i < 150; i++) {
      if (open.isEmpty() || (open.size() < 3 && random.nextBoolean())) {
        Member member = new Member("lobby", USERS.get(random.nextInt(USERS.size())));
        node.presence().join(member.room(), member.user());
        open.add(member);
      } else {
        Member member = open.remove();
        node.presence().leave(member.room(), member.user());
      }
      sleep(random.nextInt(60));
    }
    open.forEach(member -> node.presence().leave(member.room(), member.user()));
  }

  private static void sleep(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void usersOfRacingNodesJoinAndLeaveByTurns() throws Exception {
    ExecutorService visitors = Executors.newFixedThreadPool(nodes.length);
    List<Future<?>> visits = new ArrayList<>();
    for (int i = 0; i < nodes.length; i++) {
      ChatNode node = nodes[i];
      int seed = i;
      visits.add(visitors.submit(() -> visit(node, seed)));
    }
    for (Future<?> visit : visits) {
      visit.get();
    }
    visitors.shutdown();
    await().until(() -> engine.isIdle() && present() == 0);
    assertTrue(changes.size() > 20, () -> changes.toString());
    for (String user : USERS) {
      List<Boolean> joined =
          changes.stream()
              .sorted(Comparator.comparingLong(ChatNode.Numbered::number))
              .map(ChatNode.Numbered::change)
              .filter(change -> change.member().user().equals(user))
              .map(Attendance.Change::joined)
              .toList();
      for (int i = 0; i < joined.size(); i++) {
        assertEquals(i % 2 == 0, joined.get(i), user + " " + joined);
      }
      assertEquals(0, joined.size() % 2, "everybody has left");
    }
    assertEquals(changes.size(), announced.get());
  }

  @Test
  void aLostNodeAndAVisitorWhoLeavesAnnounceEachUserOnce() {
    for (int i = 0; i < 200; i++) {
      nodes[0].presence().join("lobby", "user" + i);
      nodes[1].presence().join("lobby", "user" + i);
    }
    await().until(() -> engine.isIdle() && present() == 200);
    for (int i = 0; i < 200; i++) {
      nodes[0].presence().leave("lobby", "user" + i);
    }
    sleep(60); // the grace period has just ended
    ChatNode third = node("c");
    third.remove(nodes[1]);
    await().until(() -> engine.isIdle() && present() == 0);
    assertEquals(400, announced.get());
  }

  @Test
  void aThousandUsersWhoConnectAtOnceArePresentWithinSeconds() {
    long start = System.nanoTime();
    for (int i = 0; i < 1_000; i++) {
      nodes[i % 2].presence().join("lobby", "user" + i);
    }
    long joined = Duration.ofNanos(System.nanoTime() - start).toMillis();
    await().until(() -> announced.get() == 1_000);
    long stored = Duration.ofNanos(System.nanoTime() - start).toMillis();
    String figures = "called in " + joined + " ms, stored in " + stored + " ms";
    assertTrue(joined < 500 && stored < 20_000, figures);
    assertEquals(1_000, present());
  }
}
