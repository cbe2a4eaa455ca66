package devfest.studio.security;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetBasedJWKSource;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.OutageTolerantJWKSetSource;
import com.nimbusds.jose.jwk.source.RefreshAheadCachingJWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import devfest.studio.outgoing.Outgoing;
import devfest.studio.outgoing.Reach;
import devfest.studio.outgoing.Request;
import devfest.studio.outgoing.Response;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/**
 * The keys that an issuer publishes at a URL. This is the innermost of several sources: it limits
 * the frequency and duration of fetches, and logs an outage once. The sources of Nimbus around it
 * cache the keys, refresh them in the background before they expire, let one thread at a time
 * fetch, and keep using known keys while the issuer is not reachable.
 */
final class RemoteKeys implements JWKSetSource<SecurityContext> {

  /**
   * The intervals of fetching keys.
   *
   * @param age the maximum age of cached keys while the issuer responds; they are refreshed when an
   *     eighth of it is left
   * @param pause the minimum interval between two fetches for unknown key ids
   * @param outage how long known keys are trusted while the issuer does not respond
   */
  record Pace(Duration age, Duration pause, Duration outage) {

    /** Drops a withdrawn key after 3.5 minutes, or 4 if the first attempt fails. */
    static final Pace USUAL =
        new Pace(Duration.ofMinutes(4), Duration.ofSeconds(10), Duration.ofHours(4));
  }

  private static final Logger LOG = System.getLogger(RemoteKeys.class.getName());

  /** Timeout of one fetch: requests wait for it when no keys are cached. */
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  /** How long other requests wait for a fetch in progress before they use the cached keys. */
  private static final Duration QUEUE = Duration.ofSeconds(1);

  /** Minimum interval between two attempts while no keys are known. */
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** Far more than the keys of an issuer need; limits the memory that a wrong URL can use. */
  private static final int MAX_BYTES = 512 * 1024;

  private final Outgoing http = new Outgoing(Reach.ANYWHERE, TIMEOUT, MAX_BYTES);

  private final URI location;
  private final Pace pace;

  /** Used by one thread at a time, under the lock of the cache around this source. */
  private long nextFirst = System.nanoTime();

  private long nextAgain = System.nanoTime();
  private boolean failing;

  private RemoteKeys(URI location, Pace pace) {
    this.location = location;
    this.pace = pace;
  }

  /**
   * Creates the source of the keys at a location. {@link java.io.Closeable Closing} it ends its
   * thread.
   */
  static JWKSource<SecurityContext> at(URI location, Pace pace) {
    ScheduledThreadPoolExecutor background =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "studio-keys");
              thread.setDaemon(true);
              return thread;
            });
    // Each unknown key id cancels the next refresh and schedules it again.
    background.setRemoveOnCancelPolicy(true);
    long age = pace.age().toMillis();
    return new JWKSetBasedJWKSource<>(
        new RefreshAheadCachingJWKSetSource<>(
            new OutageTolerantJWKSetSource<>(
                new RemoteKeys(location, pace), pace.outage().toMillis(), null),
            age,
            Math.min(QUEUE.toMillis(), age / 8),
            age / 8,
            background,
            true,
            null,
            background,
            true));
  }

  @Override
  public JWKSet getJWKSet(
      JWKSetCacheRefreshEvaluator refresh, long currentTime, SecurityContext context)
      throws JWKSetUnavailableException {
    boolean first = refresh == JWKSetCacheRefreshEvaluator.noRefresh();
    long now = System.nanoTime();
    if (now - (first ? nextFirst : nextAgain) < 0) {
      throw new JWKSetUnavailableException("The last fetch was too recent");
    }
    if (first) {
      nextFirst = now + RETRY.toNanos();
    } else {
      nextAgain = now + pace.pause().toNanos();
    }
    try {
      JWKSet keys = Keys.parse(fetch());
      if (failing) {
        LOG.log(Level.INFO, "The keys at " + location + " can be fetched again");
      }
      failing = false;
      return keys;
    } catch (IOException | ParseException e) {
      if (!failing) {
        LOG.log(
            Level.WARNING,
            "The keys at {0} can''t be fetched ({1}); known keys stay valid for at most {2}",
            location,
            e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage(),
            pace.outage());
      }
      failing = true;
      throw new JWKSetUnavailableException("The keys cannot be fetched", e);
    }
  }

  private String fetch() throws IOException {
    try {
      Response response = http.send(Request.get(location, Map.of("Accept", "application/json")));
      if (response.status() != 200) {
        throw new IOException("status " + response.status());
      }
      return new String(response.readBody(), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IOException("the location is not a URL of HTTP", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    // Each fetch closes its connection.
  }
}
