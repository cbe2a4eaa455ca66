package devfest.studio.stream;

import devfest.studio.events.Filter;
import devfest.studio.http.Proxies;
import devfest.studio.hub.Format;
import devfest.studio.hub.Subscription;
import devfest.studio.hub.Transport;
import devfest.studio.security.Caller;
import devfest.studio.security.Callers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Long polling, for clients whose proxies break streams. Safe for use from many threads. */
@ApplicationScoped
public class LongPoll {

  private final StreamEngine engine;
  private final Streams streams;
  private final Proxies proxies;

  @Inject
  LongPoll(StreamEngine engine, Streams streams, Proxies proxies) {
    this.engine = engine;
    this.streams = streams;
    this.proxies = proxies;
  }

  /**
   * Returns a result immediately if there is one, otherwise when a matching event is published or
   * the time is over. A waiting request takes a slot, like a stream.
   *
   * @param look returns empty if there is no result yet
   * @param fallback returns the result if there is none when the time is over
   * @throws devfest.studio.http.Problem 503 if the studio is full, 429 if the caller has no free
   *     slot
   * @throws jakarta.ws.rs.NotAuthorizedException if the caller's token is revoked meanwhile
   */
  <T> CompletionStage<T> await(
      Caller caller,
      Filter filter,
      Duration maxWait,
      HttpServletRequest request,
      Supplier<Optional<T>> look,
      Supplier<T> fallback) {
    CompletableFuture<Void> ready = new CompletableFuture<>();
    Subscription subscription =
        streams.subscribe(
            caller, filter, Transport.POLLING, Format.DEFAULT, proxies.client(request));
    subscription.whenReady(() -> ready.complete(null));
    if (engine.hub().isClosed()) {
      ready.complete(null);
    }
    Optional<T> now; // after subscribing, so that a later commit is signalled
    try {
      now = look.get();
    } catch (RuntimeException | Error e) {
      subscription.cancel();
      throw e;
    }
    if (now.isPresent()) {
      subscription.cancel();
      return CompletableFuture.completedStage(now.get());
    }
    return ready
        .completeOnTimeout(null, maxWait.toMillis(), TimeUnit.MILLISECONDS)
        .thenApplyAsync(
            none -> {
              subscription.cancel();
              if (subscription.closeReason().filter("revoked"::equals).isPresent()) {
                throw Callers.invalid();
              }
              return look.get().orElseGet(fallback);
            },
            engine.answers());
  }
}
