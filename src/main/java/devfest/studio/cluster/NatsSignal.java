package devfest.studio.cluster;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Consumer;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.Subscription;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The signal over core NATS. The library reconnects by itself; lines wait in the outbox meanwhile,
 * because the library would send stale ones.
 */
final class NatsSignal implements Signal {

  private static final Logger LOG = System.getLogger(NatsSignal.class.getName());

  /** How soon a new subscription is noticed. */
  private static final Duration WAIT = Duration.ofMillis(200);

  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final Duration RECONNECT_WAIT = Duration.ofMillis(500);

  /** Two missed pings, thus about six seconds, until a frozen server is noticed. */
  private static final int MAX_PINGS = 2;

  /** Bounds the memory of lines that arrive faster than they are processed. */
  private static final long MAX_PENDING_MESSAGES = 10_000;

  private static final long MAX_PENDING_BYTES = 16L * 1024 * 1024;

  private final String subject;
  private final Options options;
  private final Outbox outbox = new Outbox(Message.MAX_BYTES);
  private final CountDownLatch stopping = new CountDownLatch(1);

  /** Whether lines may have been lost since the listener was last called. */
  private final AtomicBoolean lost = new AtomicBoolean();

  /** Whether the log has no warning since the last connection. */
  private final AtomicBoolean up = new AtomicBoolean();

  private volatile @Nullable Connection connection;

  NatsSignal(ClusterSettings settings, String node) {
    subject = settings.natsPrefix() + ".signal";
    Options.Builder builder =
        new Options.Builder()
            .servers(settings.natsUrls().toArray(new String[0]))
            .connectionName("devfest-studio " + node)
            .noEcho()
            .maxReconnects(-1)
            .reconnectWait(RECONNECT_WAIT)
            .reconnectBufferSize(0)
            .connectionTimeout(TIMEOUT)
            .pingInterval(TIMEOUT)
            .maxPingsOut(MAX_PINGS)
            .discardMessagesWhenOutgoingQueueFull()
            .connectionListener(this::changed)
            .errorListener(new Errors());
    settings.natsCredentials().ifPresent(file -> builder.authHandler(new NatsCredentials(file)));
    options = builder.build();
  }

  @Override
  public void start(ThreadFactory threads, Listener listener) {
    Thread receiver = threads.newThread(() -> receive(listener));
    receiver.setName("signal receiver");
    receiver.start();
    Thread sender = threads.newThread(() -> outbox.run(new Sender()));
    sender.setName("signal sender");
    sender.start();
  }

  @Override
  public void send(String key, String line) {
    outbox.put(key, line);
  }

  @Override
  public boolean isConnected() {
    Connection current = connection;
    return current != null && current.getStatus() == Connection.Status.CONNECTED;
  }

  @Override
  public long dropped() {
    return outbox.dropped();
  }

  @Override
  public void stop() {
    stopping.countDown();
    outbox.close();
  }

  /** Called by the library's threads. */
  private void changed(Connection source, ConnectionListener.Events event) {
    switch (event) {
      case RESUBSCRIBED -> {
        up.set(true);
        lost.set(true);
        LOG.log(Level.INFO, "The signal is connected again.");
      }
      case DISCONNECTED -> {
        if (up.getAndSet(false) && stopping.getCount() > 0) { // called for each attempt, too
          LOG.log(
              Level.WARNING,
              "The signal is not connected, so other nodes are read every second. Retrying.");
        }
      }
      default -> LOG.log(Level.DEBUG, "The signal's connection: " + event);
    }
  }

  private void receive(Listener listener) {
    int failures = 0;
    boolean failed = false;
    try {
      do {
        try {
          Connection opened = Nats.connect(options);
          try {
            Subscription subscription = opened.subscribe(subject);
            subscription.setPendingLimits(MAX_PENDING_MESSAGES, MAX_PENDING_BYTES);
            opened.flush(TIMEOUT);
            connection = opened;
            up.set(true);
            LOG.log(failed ? Level.INFO : Level.DEBUG, "The signal is connected.");
            failed = false;
            failures = 0;
            lost.set(true);
            while (stopping.getCount() > 0 && subscription.isActive()) {
              receive(subscription, listener);
            }
          } finally {
            connection = null;
            opened.close();
          }
        } catch (IOException | TimeoutException | RuntimeException | OutOfMemoryError e) {
          if (stopping.getCount() > 0 && !failed) {
            failed = true;
            LOG.log(
                Level.WARNING,
                "The signal is not connected, so other nodes are read every second. Retrying: "
                    + withoutCredentials(e));
          }
        }
      } while (!stopping.await(Signal.RETRY.after(++failures).toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The message contains the URLs of the servers, which may contain a password or a token. */
  static String withoutCredentials(Throwable failure) {
    return String.valueOf(failure.getMessage()).replaceAll("//[^/@\\s]*@", "//(secret)@");
  }

  private void receive(Subscription subscription, Listener listener) throws InterruptedException {
    if (lost.getAndSet(false)) {
      listener.connected();
    }
    var message = subscription.nextMessage(WAIT);
    if (message != null) {
      new String(message.getData(), StandardCharsets.UTF_8).lines().forEach(listener::heard);
    }
  }

  private final class Sender implements Outbox.Channel {

    @Override
    public void send(String lines) throws IOException {
      Connection current = connection;
      if (current == null || current.getStatus() != Connection.Status.CONNECTED) {
        throw new IOException("There is no connection");
      }
      current.publish(subject, lines.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void failed(Exception failure) {
      LOG.log(Level.DEBUG, "Messages to other nodes could not be sent. Retrying.", failure);
    }
  }

  /** Called by the library's threads. */
  private final class Errors implements ErrorListener {

    @Override
    public void slowConsumerDetected(Connection source, Consumer consumer) {
      lost.set(true);
    }

    @Override
    public void errorOccurred(Connection source, String error) {
      LOG.log(Level.WARNING, "NATS reports an error: " + error);
    }

    @Override
    public void exceptionOccurred(Connection source, Exception failure) {
      LOG.log(Level.DEBUG, "The signal's connection failed", failure);
    }
  }
}
