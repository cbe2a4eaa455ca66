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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(TIMEOUT)
          .followRedirects(HttpClient.Redirect.NORMAL)
          .build();

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
      throw new JWKSetUnavailableException("The keys can't be fetched", e);
    }
  }

  private String fetch() throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(location).header("Accept", "application/json").build();
    CompletableFuture<HttpResponse<String>> answer =
        http.sendAsync(request, response -> new Limited());
    try {
      HttpResponse<String> response = answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != 200) {
        throw new IOException("status " + response.statusCode());
      }
      return response.body();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw new IOException(cause == null ? e.getMessage() : cause.getMessage(), e);
    } catch (TimeoutException e) {
      throw new IOException("no response within " + TIMEOUT.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      answer.cancel(true);
    }
  }

  @Override
  public void close() {
    // The threads of the HTTP client end when it is garbage-collected.
  }

  /** Reads a body of at most {@link #MAX_BYTES} bytes. */
  private static final class Limited implements HttpResponse.BodySubscriber<String> {

    private final CompletableFuture<String> body = new CompletableFuture<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @SuppressWarnings("NullAway.Init") // onSubscribe comes before any other call
    private Flow.Subscription subscription;

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
      subscription = newSubscription;
      newSubscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      for (ByteBuffer buffer : buffers) {
        byte[] part = new byte[buffer.remaining()];
        buffer.get(part);
        bytes.writeBytes(part);
      }
      if (bytes.size() > MAX_BYTES) {
        subscription.cancel();
        body.completeExceptionally(new IOException("more than " + MAX_BYTES + " bytes"));
      }
    }

    @Override
    public void onError(Throwable fault) {
      body.completeExceptionally(fault);
    }

    @Override
    public void onComplete() {
      body.complete(bytes.toString(StandardCharsets.UTF_8));
    }

    @Override
    public CompletionStage<String> getBody() {
      return body;
    }
  }
}
