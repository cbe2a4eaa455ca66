package devfest.studio.stream;

import devfest.studio.events.Filter;
import devfest.studio.http.Proxies;
import devfest.studio.hub.Format;
import devfest.studio.hub.Subscription;
import devfest.studio.hub.Transport;
import devfest.studio.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Lets a request wait for events, for clients whose way here breaks streams. */
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
   * Answers at once when there is something, otherwise as soon as something that matches is
   * published, or when the time is over. Whoever waits takes a place like a stream.
   *
   * @param look empty when there is nothing yet
   * @param otherwise the answer when the time is over
   */
  <T> CompletionStage<T> await(
      Caller caller,
      Filter filter,
      Duration longest,
      HttpServletRequest request,
      Supplier<Optional<T>> look,
      Supplier<T> otherwise) {
    CompletableFuture<Void> ready = new CompletableFuture<>();
    Subscription subscription =
        streams.subscribe(caller, filter, Transport.POLLING, Format.USUAL, proxies.client(request));
    subscription.whenReady(() -> ready.complete(null));
    if (engine.hub().isClosed()) {
      ready.complete(null);
    }
    Optional<T> now; // after subscribing: what is committed later will be told
    try {
      now = look.get();
    } catch (RuntimeException e) {
      subscription.cancel();
      throw e;
    }
    if (now.isPresent()) {
      subscription.cancel();
      return CompletableFuture.completedStage(now.get());
    }
    return ready
        .completeOnTimeout(null, longest.toMillis(), TimeUnit.MILLISECONDS)
        .thenApplyAsync(
            none -> {
              subscription.cancel();
              return look.get().orElseGet(otherwise);
            },
            engine.answers());
  }
}
