package devfest.studio.feeds.posts;

import devfest.studio.jobs.JobException;
import devfest.studio.security.Signature;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends published posts to an external URL, in addition to the studio's own feed. Without a
 * configured URL it does nothing. Each post is sent as JSON in a POST request, signed with
 * HMAC-SHA-256 over the body. The {@code Idempotency-Key} is the id of the post, because a post is
 * sent again if a node stops before it has recorded the success. Redirects are not followed. Safe
 * for use from many threads.
 */
@ApplicationScoped
class Outlet {

  /** Long enough for a slow TLS handshake. */
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** Until the response headers; allows for a slow receiver. */
  private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(15);

  /** Including the body, which has no other limit; shorter than the lease of {@link Press}. */
  private static final Duration TOTAL_TIMEOUT = Duration.ofSeconds(20);

  /** Client errors that can succeed later: timeout, too early, too many requests. */
  private static final Set<Integer> RETRYABLE = Set.of(408, 425, 429);

  private final PostsSettings settings;
  private final Jsonb json;

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();

  @Inject
  Outlet(PostsSettings settings, Jsonb json) {
    this.settings = settings;
    this.json = json;
  }

  /**
   * Sends a post.
   *
   * @throws JobException if the outlet rejects the post or does not respond
   * @throws InterruptedException if the thread is interrupted while it waits for the response
   */
  void publish(Post post) throws JobException, InterruptedException {
    if (settings.outletUrl().isEmpty()) {
      return;
    }
    byte[] body = json.toJson(post.view()).getBytes(StandardCharsets.UTF_8);
    HttpResponse<Void> response = send(request(post, body));
    int status = response.statusCode();
    if (status / 100 == 2) {
      return;
    }
    String reason = "The outlet responded with status %d.".formatted(status);
    if (status / 100 == 5 || RETRYABLE.contains(status)) {
      throw JobException.retryable(reason, null);
    }
    throw JobException.permanent(reason, null);
  }

  private HttpRequest request(Post post, byte[] body) throws JobException {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(settings.outletUrl().orElseThrow()))
              .timeout(RESPONSE_TIMEOUT)
              .header("Content-Type", "application/json")
              .header("Idempotency-Key", post.id())
              .POST(HttpRequest.BodyPublishers.ofByteArray(body));
      settings
          .outletSecret()
          .ifPresent(key -> request.header("X-Studio-Signature-256", Signature.of(key, body)));
      return request.build();
    } catch (IllegalArgumentException e) {
      throw JobException.permanent("studio.posts.outlet-url is not a valid URL.", e);
    }
  }

  private HttpResponse<Void> send(HttpRequest request) throws JobException, InterruptedException {
    CompletableFuture<HttpResponse<Void>> answer =
        client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
    try {
      return answer.get(TOTAL_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw JobException.retryable("The outlet did not respond.", e);
    } finally {
      boolean ignored = answer.cancel(true);
    }
  }
}
