package devfest.studio.feeds.posts;

import devfest.studio.jobs.JobException;
import devfest.studio.outgoing.Outgoing;
import devfest.studio.outgoing.OutgoingException;
import devfest.studio.outgoing.Reach;
import devfest.studio.outgoing.Request;
import devfest.studio.outgoing.Response;
import devfest.studio.security.Signature;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Sends published posts to an external URL, in addition to the studio's own feed. Without a
 * configured URL it does nothing. Each post is sent as JSON in a POST request, signed with
 * HMAC-SHA-256 over the body. The {@code Idempotency-Key} is the id of the post, because a post is
 * sent again if a node stops before it has recorded the success. Redirects are not followed. Safe
 * for use from many threads.
 */
@ApplicationScoped
class Outlet {

  /** Allows for a slow receiver; shorter than the lease of {@link Press}. */
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  /** Client errors that can succeed later: timeout, too early, too many requests. */
  private static final Set<Integer> RETRYABLE = Set.of(408, 425, 429);

  private final PostsSettings settings;
  private final Jsonb json;

  /** Reads no body, because the status says everything. */
  private final Outgoing client = new Outgoing(Reach.ANYWHERE, DEADLINE, 0);

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
    int status = send(request(post, body));
    if (status / 100 == 2) {
      return;
    }
    String reason = "The outlet responded with status %d.".formatted(status);
    if (status / 100 == 5 || RETRYABLE.contains(status)) {
      throw JobException.retryable(reason, null);
    }
    throw JobException.permanent(reason, null);
  }

  private Request request(Post post, byte[] body) throws JobException {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", "application/json");
    headers.put("Idempotency-Key", post.id());
    settings
        .outletSecret()
        .ifPresent(key -> headers.put("X-Studio-Signature-256", Signature.of(key, body)));
    try {
      return Request.post(URI.create(settings.outletUrl().orElseThrow()), headers, body);
    } catch (IllegalArgumentException e) {
      throw JobException.permanent("studio.posts.outlet-url is not a valid URL.", e);
    }
  }

  /** Returns the status of the response. */
  private int send(Request request) throws JobException, InterruptedException {
    try (Response response = client.open(request)) {
      return response.status();
    } catch (OutgoingException e) {
      throw JobException.retryable("The outlet did not respond.", e);
    }
  }
}
