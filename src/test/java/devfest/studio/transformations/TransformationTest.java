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
  private static final Duration LEASE = Duration.ofSeconds(10);

  private final Transformation job = new Transformation(Photos.of("ann"), "vintage", NOON);

  @Test
  void isQueuedFirstAndClaimableAtOnce() {
    assertEquals(Status.QUEUED, job.status());
    assertTrue(job.claimable(NOON));
  }

  @Test
  void startsOnceHoweverOftenItIsClaimed() {
    assertTrue(job.claim("a", NOON, LEASE));
    assertFalse(job.claimable(NOON.plusSeconds(10)), "the claim still holds");
    assertTrue(job.claimable(NOON.plusSeconds(11)), "the worker has died");
    assertFalse(job.claim("b", NOON.plusSeconds(11), LEASE), "it had started before");
    assertFalse(job.heldBy("a"));
    assertTrue(job.heldBy("b"));
    assertEquals(2, job.attempts());
  }

  @Test
  void isNobodysOnceItHasEnded() {
    job.claim("a", NOON, LEASE);
    job.complete(NOON);
    assertFalse(job.heldBy("a"));
    assertFalse(job.claimable(NOON.plusSeconds(99)));
    assertEquals(1, job.progress());
    assertTrue(job.status().isFinal());
  }

  @Test
  void waitsBeforeAnotherAttempt() {
    job.claim("a", NOON, LEASE);
    job.postpone(NOON, Duration.ofSeconds(2));
    assertFalse(job.claimable(NOON.plusSeconds(1)));
    assertTrue(job.claimable(NOON.plusSeconds(2)));
    assertEquals(1, job.attempts());
  }

  @Test
  void keepsItsPlaceAndItsAttemptsWhenTheStudioStops() {
    job.claim("a", NOON.plusSeconds(5), LEASE);
    job.release(NOON.plusSeconds(6));
    assertEquals(NOON, job.queuedAt());
    assertEquals(0, job.attempts());
    assertTrue(job.claimable(NOON.plusSeconds(6)));
  }

  @Test
  void aFailedOneStartsAnewAsIfNothingHadBeen() {
    job.claim("a", NOON, LEASE);
    job.fail("x".repeat(600), NOON);
    assertEquals(500, job.error().length());
    job.retry(NOON.plusSeconds(9));
    assertEquals(Status.QUEUED, job.status());
    assertNull(job.error());
    assertNull(job.completedAt());
    assertTrue(job.claim("b", NOON.plusSeconds(9), LEASE), "it starts again");
  }
}
