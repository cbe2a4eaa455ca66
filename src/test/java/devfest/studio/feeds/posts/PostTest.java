package devfest.studio.feeds.posts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final Instant LATER = NOON.plusSeconds(60);
  private static final Duration LEASE = Duration.ofSeconds(30);

  private static Post in(Post.Status status) {
    Post post = new Post("ann", "Title", "Body", null, NOON);
    if (status == Post.Status.DRAFT) {
      return post;
    }
    post.move(Post.Status.READY, null, NOON);
    if (status == Post.Status.READY) {
      return post;
    }
    post.move(Post.Status.SCHEDULED, LATER, NOON);
    if (status == Post.Status.PUBLISHED) {
      post.lease().claim("me", LATER, LEASE);
      post.publish(LATER);
    } else if (status == Post.Status.FAILED) {
      post.lease().claim("me", LATER, LEASE);
      post.fail("no answer", LATER);
    }
    return post;
  }

  @ParameterizedTest
  @CsvSource({
    "DRAFT,READY",
    "READY,DRAFT",
    "READY,SCHEDULED",
    "SCHEDULED,READY",
    "SCHEDULED,DRAFT",
    "SCHEDULED,SCHEDULED",
    "FAILED,SCHEDULED",
    "FAILED,READY",
    "FAILED,DRAFT"
  })
  void legalTransitionsAreAccepted(Post.Status from, Post.Status to) {
    Post post = in(from);
    post.move(to, LATER, NOON.plusSeconds(120));
    assertEquals(to, post.status());
  }

  @ParameterizedTest
  @CsvSource({
    "DRAFT,SCHEDULED",
    "DRAFT,PUBLISHED",
    "DRAFT,FAILED",
    "READY,PUBLISHED",
    "READY,READY",
    "SCHEDULED,PUBLISHED",
    "PUBLISHED,DRAFT",
    "PUBLISHED,SCHEDULED",
    "FAILED,PUBLISHED"
  })
  void illegalTransitionsAreRejectedWithTheLegalOnes(Post.Status from, Post.Status to) {
    Post post = in(from);
    IllegalMove refusal = assertThrows(IllegalMove.class, () -> post.move(to, LATER, NOON));
    for (Post.Status legal : from.allowed()) {
      assertTrue(refusal.getMessage().contains(legal.toString()), refusal.getMessage());
    }
    assertEquals(from, post.status());
  }

  @Test
  void aPostBeingPublishedCannotBeChanged() {
    Post post = in(Post.Status.SCHEDULED);
    post.lease().claim("me", LATER, LEASE);
    assertThrows(IllegalMove.class, () -> post.move(Post.Status.READY, null, LATER));
    assertThrows(PostClaimed.class, () -> post.edit("a", "b", LATER));
    Instant expired = LATER.plusSeconds(31);
    post.edit("a", "b", expired);
    assertFalse(post.isClaimed(LATER), "its worker has lost it");
  }

  @Test
  void aFailedPostHasAReasonUntilItIsRetried() {
    Post post = in(Post.Status.FAILED);
    assertEquals("no answer", post.view().error());
    post.move(Post.Status.SCHEDULED, LATER, NOON);
    assertEquals(null, post.view().error());
    assertEquals(0, post.lease().attempts());
  }

  @Test
  void aPublishedPostCannotBeChanged() {
    Post post = in(Post.Status.PUBLISHED);
    assertThrows(PostPublished.class, () -> post.edit("Other", "Body", LATER));
    assertEquals("Title", post.title());
  }
}
