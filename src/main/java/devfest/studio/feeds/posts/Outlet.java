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
 * Where posts are published besides the studio's own feed, whose event commits with the state. With
 * a URL each is POSTed there as JSON, signed with HMAC-SHA-256 over the body; the id of the post is
 * its {@code Idempotency-Key}, as one may come again when a node stopped before it could note that
 * it came. Redirects are not followed.
 */
@ApplicationScoped
class Outlet {

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(15);
  private static final Duration WHOLE = Duration.ofSeconds(20);
  private static final Set<Integer> FOR_NOW = Set.of(408, 425, 429);

  private final PostsSettings settings;
  private final Jsonb json;

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT).build();

  @Inject
  Outlet(PostsSettings settings, Jsonb json) {
    this.settings = settings;
    this.json = json;
  }

  /**
   * @throws JobException when the outlet refuses it, for now or for good
   */
  void publish(Post post) throws JobException, InterruptedException {
    if (settings.outletUrl().isEmpty()) {
      return;
    }
    byte[] body = json.toJson(post.view()).getBytes(StandardCharsets.UTF_8);
    HttpResponse<Void> answer = send(request(post, body));
    int status = answer.statusCode();
    if (status / 100 == 2) {
      return;
    }
    String reason = "The outlet answered " + status;
    if (status / 100 == 5 || FOR_NOW.contains(status)) {
      throw JobException.passing(reason, null);
    }
    throw JobException.lasting(reason, null);
  }

  private HttpRequest request(Post post, byte[] body) throws JobException {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(settings.outletUrl().orElseThrow()))
              .timeout(ANSWER)
              .header("Content-Type", "application/json")
              .header("Idempotency-Key", post.id())
              .POST(HttpRequest.BodyPublishers.ofByteArray(body));
      settings
          .outletSecret()
          .ifPresent(key -> request.header("X-Studio-Signature-256", Signature.of(key, body)));
      return request.build();
    } catch (IllegalArgumentException e) {
      throw JobException.lasting("studio.posts.outlet-url is not a URL", e);
    }
  }

  private HttpResponse<Void> send(HttpRequest request) throws JobException, InterruptedException {
    CompletableFuture<HttpResponse<Void>> answer =
        client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
    try {
      return answer.get(WHOLE.toSeconds(), TimeUnit.SECONDS); // the body, too, may never end
    } catch (ExecutionException | TimeoutException e) {
      throw JobException.passing("The outlet does not answer", e);
    } finally {
      boolean ignored = answer.cancel(true);
    }
  }
}
