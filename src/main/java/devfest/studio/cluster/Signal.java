package devfest.studio.cluster;

import devfest.studio.base.Backoff;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;

/**
 * Broadcasts lines of text to all nodes, including this one. A line may be lost, repeated or
 * reordered. Thread-safe.
 */
public interface Signal {

  /** Between attempts to connect or to send: short, because nodes hear nothing meanwhile. */
  Backoff RETRY = new Backoff(Duration.ofMillis(50), 2, Duration.ofSeconds(1));

  /** Receives the lines of all nodes. Called by one thread of the signal at a time. */
  interface Listener {

    /** Called for each line. */
    void heard(String line);

    /** Called after each subscription, because lines sent before it may be lost. */
    void connected();
  }

  /**
   * Creates the signal that the settings select.
   *
   * @param url the JDBC URL of the studio's PostgreSQL; empty if it uses another database
   * @param user the user of that database
   * @param node the name of this node
   * @throws IllegalStateException if PostgreSQL is selected and no URL is known
   */
  static Signal of(
      ClusterSettings settings, Optional<String> url, String user, String password, String node) {
    Optional<String> postgres = settings.postgresUrl().or(() -> url);
    return switch (settings.signal()) {
      case NONE -> new NoSignal();
      case NATS -> new NatsSignal(settings, node);
      case POSTGRES ->
          new PostgresSignal(
              postgres.orElseThrow(
                  () ->
                      new IllegalStateException(
                          "studio.cluster.signal is 'postgres', but neither"
                              + " studio.cluster.postgres-url nor studio.db.url is set.")),
              user,
              password);
      case AUTO ->
          url.isEmpty()
              ? new NoSignal()
              : new PostgresSignal(postgres.orElseThrow(), user, password);
    };
  }

  /**
   * Connects, and reconnects until {@link #stop}. Returns immediately.
   *
   * @param threads creates the threads of the signal
   */
  void start(ThreadFactory threads, Listener listener);

  /**
   * Sends a line soon. Never blocks or throws; drops lines if they cannot be sent.
   *
   * @param key a newer line of the same key replaces a line that has not been sent yet
   * @param line one line of at most {@link Message#MAX_BYTES} bytes in UTF-8
   */
  void send(String key, String line);

  /** Whether lines are sent and received at present. */
  boolean isConnected();

  /** The number of lines that were dropped because they could not be sent in time. */
  long dropped();

  /** Closes the connections. Lines that have not been sent are dropped. */
  void stop();
}
