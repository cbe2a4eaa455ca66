package devfest.studio.feeds.posts;

import devfest.studio.jobs.Attempt;
import devfest.studio.jobs.Backoff;
import devfest.studio.jobs.Work;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/** Publishes posts that are due. */
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
  public Set<? extends Enum<?>> open() {
    return EnumSet.of(Post.Status.SCHEDULED);
  }

  /** They wait for the outlet, most of the time. */
  @Override
  public int places() {
    return 8;
  }

  /** Longer than one try at publishing takes. */
  @Override
  public Duration lease() {
    return Duration.ofSeconds(40);
  }

  @Override
  public int attempts() {
    return 4;
  }

  /** About 1, 4 and 16 seconds. */
  @Override
  public Backoff backoff() {
    return new Backoff(Duration.ofSeconds(1), 4, Duration.ofMinutes(1));
  }

  @Override
  public String fault() {
    return "It could not be published; the log of the studio has the cause";
  }

  @Override
  public void failed(Post post, String reason) {
    posts.failed(post, reason);
  }

  @Override
  public void run(Post post, Attempt attempt) throws Exception {
    attempt.interruptible(
        () -> {
          outlet.publish(post);
          return null;
        });
    posts.published(this, attempt);
  }
}
