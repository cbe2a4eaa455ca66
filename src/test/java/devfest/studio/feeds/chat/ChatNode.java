package devfest.studio.feeds.chat;

import devfest.studio.cluster.NodeLost;
import devfest.studio.cluster.NodeRejoined;
import devfest.studio.cluster.TestCluster;
import devfest.studio.events.Event;
import devfest.studio.events.TransientEvent;
import devfest.studio.jobs.Transactions;
import devfest.studio.stream.StreamEngine;
import jakarta.json.bind.JsonbBuilder;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * One of several nodes with the same database. Announces after each commit, as the container does.
 */
final class ChatNode {

  private static final AtomicLong ORDER = new AtomicLong();

  private final String id;
  private final Transactions transactions;

  /** A change, numbered while its transaction held the lock of the user's row. */
  record Numbered(long number, Attendance.Change change) {}

  private final Consumer<Numbered> committed;
  private final ThreadLocal<List<Numbered>> uncommitted = ThreadLocal.withInitial(ArrayList::new);
  private final Attendance attendance;
  private final Presence presence;

  /**
   * @param changing called in each transaction that changes who is present
   * @param committed called for each change after the commit
   * @param announced called after that
   */
  ChatNode(
      String id,
      Transactions transactions,
      StreamEngine engine,
      Runnable changing,
      Consumer<Numbered> committed,
      Consumer<Event> announced) {
    this.id = id;
    this.transactions = transactions;
    this.committed = committed;
    this.attendance =
        new Attendance(
            transactions.em(),
            user -> user,
            Transactions.<Attendance.Change>observed(
                change -> {
                  changing.run();
                  uncommitted.get().add(new Numbered(ORDER.incrementAndGet(), change));
                })) {
          @Override
          void change(String node, Collection<Member> joins, Collection<Member> leaves) {
            inTransaction(() -> super.change(node, joins, leaves));
          }
        };
    this.presence =
        new Presence(
            engine,
            new TestCluster(id),
            attendance,
            Transactions.<TransientEvent>observed(sent -> announced.accept(sent.event())),
            user -> user,
            JsonbBuilder.create(),
            Clock.systemUTC());
  }

  private void inTransaction(Runnable work) {
    uncommitted.get().clear();
    transactions.run(work);
    for (Numbered each : uncommitted.get()) {
      committed.accept(each);
      presence.announce(each.change());
    }
  }

  Presence presence() {
    return presence;
  }

  void register() {
    transactions.run(() -> TestCluster.register(transactions.em(), id));
  }

  /** Removes another node that is lost. */
  void remove(ChatNode lost) {
    inTransaction(
        () -> {
          TestCluster.unregister(transactions.em(), lost.id);
          attendance.remove(new NodeLost(lost.id));
        });
  }

  /** Registers again after another node has removed this one. */
  void rejoin() {
    register();
    presence.restore(new NodeRejoined(id));
  }
}
