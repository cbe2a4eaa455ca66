package devfest.studio.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class RevokedUsersTest {

  @Test
  void aTokenIsIssuedAfterTheRevocationsOfItsUser() {
    Instant now = Instant.parse("2026-11-21T12:00:00.123Z");
    RevokedUsers revoked = new RevokedUsers();
    assertEquals(now, revoked.acceptedFrom("ann", now));
    revoked.add(
        new UserRevoked(UserRevoked.subject("ann"), now.plusMillis(2), now.plusSeconds(60)));
    assertEquals(now.plusMillis(3), revoked.acceptedFrom("ann", now));
    assertEquals(now.plusMillis(3), revoked.acceptedFrom("ann", now.plusMillis(3)));
    assertEquals(now, revoked.acceptedFrom("bob", now));
  }

  @Test
  void anOlderRevocationDoesNotReplaceANewerOne() {
    Instant now = Instant.parse("2026-11-21T12:00:00Z");
    RevokedUsers revoked = new RevokedUsers();
    UserRevoked newer = new UserRevoked(UserRevoked.subject("ann"), now, now.plusSeconds(60));
    assertTrue(revoked.add(newer));
    assertFalse(revoked.add(newer));
    assertFalse(revoked.add(new UserRevoked(UserRevoked.subject("ann"), now.minusSeconds(9), now)));
    assertTrue(revoked.covers("ann", now));
    assertFalse(revoked.covers("ann", now.plusMillis(1)));
    assertTrue(revoked.covers("ann", null));
    assertFalse(revoked.covers("bob", null));
    assertFalse(revoked.covers(null, null));
    revoked.removeExpired(now.plusSeconds(60));
    assertTrue(revoked.covers("ann", now));
    revoked.removeExpired(now.plusSeconds(61));
    assertFalse(revoked.covers("ann", now));
  }
}
