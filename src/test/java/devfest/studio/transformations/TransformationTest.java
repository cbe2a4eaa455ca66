package devfest.studio.transformations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.photos.Photos;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TransformationTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private final Transformation job =
      new Transformation(Photos.of("ann"), "vintage", Display.SHOWN, NOON);

  @Test
  void isQueuedFirstAndDueAtOnce() {
    assertEquals(Status.QUEUED, job.status());
    assertEquals(NOON, job.lease().dueAt());
  }

  @Test
  void startsOnceHoweverOftenItIsClaimed() {
    assertTrue(job.start(NOON));
    assertFalse(job.start(NOON.plusSeconds(11)), "it had started before");
    assertEquals(NOON, job.startedAt());
  }

  @Test
  void hasNoClaimOnceEnded() {
    job.lease().claim("a", NOON, Duration.ofSeconds(10));
    job.complete(NOON);
    assertFalse(job.lease().isClaimed(NOON));
    assertFalse(job.isOpen());
    assertEquals(1, job.progress());
  }

  @Test
  void keepsItsPlaceInTheQueueWhenReleased() {
    job.start(NOON.plusSeconds(5));
    job.progress(0.5, "styling");
    job.requeue();
    assertEquals(Status.QUEUED, job.status());
    assertEquals(NOON, job.queuedAt());
    assertEquals(0, job.progress());
  }

  @Test
  void aRetryStartsAFailedTransformationFromScratch() {
    job.lease().claim("a", NOON, Duration.ofSeconds(10));
    job.start(NOON);
    job.fail("x".repeat(600), NOON);
    assertEquals(500, job.error().length());
    job.retry(NOON.plusSeconds(9));
    assertEquals(Status.QUEUED, job.status());
    assertEquals(0, job.lease().attempts());
    assertNull(job.error());
    assertNull(job.completedAt());
    assertTrue(job.start(NOON.plusSeconds(9)), "it starts again");
  }
}
