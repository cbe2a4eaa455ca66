package devfest.studio.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Sends messages to the other nodes, and passes theirs to the receivers. Safe for use from many
 * threads.
 */
@ApplicationScoped
public class Cluster {

  private static final Logger LOG = System.getLogger(Cluster.class.getName());

  /** The length of a random name: short enough to read, and distinct among a few nodes. */
  private static final int RANDOM_NAME = 8;

  /** Identifies this process; unlike the name, it is never the same after a restart. */
  private final String node = UUID.randomUUID().toString();

  private final String name;
  private final Instance<Receiver> receivers;
  private final LongAdder sent = new LongAdder();
  private final LongAdder received = new LongAdder();
  private volatile Signal signal = new NoSignal();

  @Inject
  Cluster(ClusterSettings settings, @Any Instance<Receiver> receivers) {
    this.name = settings.node().orElse(node.substring(0, RANDOM_NAME));
    this.receivers = receivers;
  }

  /** The id of this node. A restarted node has another id. */
  public String node() {
    return node;
  }

  /** The name of this node, as configured; unlike the id, it may stay the same after a restart. */
  public String name() {
    return name;
  }

  /** Starts to send and receive. */
  public void start(ThreadFactory threads, Signal by) {
    signal = by;
    Map<String, Receiver> byKind =
        receivers.stream().collect(Collectors.toMap(Receiver::kind, Function.identity()));
    by.start(threads, new Dispatch(byKind));
    LOG.log(Level.INFO, "This is the node " + name + " (" + node + ")");
  }

  /** Stops sending and receiving. */
  public void stop() {
    signal.stop();
    signal = new NoSignal();
  }

  /**
   * Sends a message to all other nodes soon. Never blocks or throws, and guarantees nothing: a
   * message may be lost. To report a change of the database, call it after the commit.
   */
  public void send(Message message) {
    if (isAlone()) {
      return;
    }
    message
        .line(node)
        .ifPresentOrElse(
            line -> {
              sent.increment();
              signal.send(message.kind() + ' ' + message.key(), line);
            },
            () -> LOG.log(Level.DEBUG, "A message is too large: " + message.kind()));
  }

  /** Whether this node is the only one: it sends and receives nothing. */
  public boolean isAlone() {
    return signal instanceof NoSignal;
  }

  /** The number of messages of this node, including those that were replaced or dropped. */
  public long sent() {
    return sent.sum();
  }

  /** The number of messages that were received from other nodes. */
  public long received() {
    return received.sum();
  }

  /** The number of messages of this node that could not be sent in time. */
  public long dropped() {
    return signal.dropped();
  }

  /** Whether messages are sent and received at present; true if this node is the only one. */
  public boolean isConnected() {
    return signal.isConnected();
  }

  /** Passes each message of another node to its receiver. */
  private final class Dispatch implements Signal.Listener {

    private final Map<String, Receiver> byKind;

    Dispatch(Map<String, Receiver> byKind) {
      this.byKind = byKind;
    }

    @Override
    public void heard(String line) {
      Message.parse(line)
          .filter(message -> !message.node().equals(node))
          .ifPresent(
              message -> {
                received.increment();
                Receiver receiver = byKind.get(message.kind());
                if (receiver != null) { // a newer version may send other kinds
                  call(receiver, to -> to.received(message.node(), message.data()));
                }
              });
    }

    @Override
    public void connected() {
      byKind.values().forEach(receiver -> call(receiver, Receiver::connected));
    }

    private static void call(Receiver receiver, Consumer<Receiver> call) {
      try {
        call.accept(receiver);
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "A message of another node failed: " + receiver.kind(), e);
      }
    }
  }
}
