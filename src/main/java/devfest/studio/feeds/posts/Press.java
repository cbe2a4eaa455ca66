package devfest.studio.feeds.posts;

import devfest.studio.base.Backoff;
import devfest.studio.jobs.Attempt;
import devfest.studio.jobs.Work;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** Publishes scheduled posts when they are due. Safe for use from many threads. */
@ApplicationScoped
class Press implements Work<Post> {

  private final Posts posts;
  private final Outlet outlet;

  @Inject
  Press(Posts posts, Outlet outlet) {
    this.posts = posts;
    this.outlet = outlet;
  }

  @Override
  public Class<Post> type() {
    return Post.class;
  }

  @Override
  public Set<? extends Enum<?>> openStatuses() {
    return EnumSet.of(Post.Status.SCHEDULED);
  }

  /** More than processors, because the jobs mostly wait for the outlet. */
  @Override
  public int concurrency() {
    return 8;
  }

  /** Twice the deadline of {@link Outlet}. */
  @Override
  public Duration lease() {
    return Duration.ofSeconds(40);
  }

  /**
   * With the backoff, bridges an outage of the outlet of about 20 seconds; users can retry later.
   */
  @Override
  public int maxAttempts() {
    return 4;
  }

  /** 1, 4 and 16 seconds, plus jitter. */
  @Override
  public Backoff backoff() {
    return new Backoff(Duration.ofSeconds(1), 4, Duration.ofMinutes(1));
  }

  @Override
  public String faultMessage() {
    return "The post could not be published. The log of the studio has the cause.";
  }

  @Override
  public void failed(Post post, String reason) {
    posts.failed(post, reason);
  }

  @Override
  public void run(Post post, Attempt attempt) throws Exception {
    AtomicBoolean sent = new AtomicBoolean();
    try {
      attempt.interruptible(
          () -> {
            outlet.publish(post);
            sent.set(true);
            return null;
          });
    } catch (Attempt.StoppedException e) {
      if (!sent.get()) { // otherwise the outlet has the post, so that is recorded despite the stop
        throw e;
      }
    }
    posts.published(this, attempt);
  }
}
