package devfest.studio.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PublicIdsTest {

  private final byte[] key = "a key".getBytes(UTF_8);

  @Test
  void aPseudonymIsStableAndDependsOnUserAndKey() {
    String ann = PublicIds.pseudonym("ann@example.org", key);
    assertTrue(ann.matches("user-[0-9a-f]{10}"), ann);
    assertEquals(ann, PublicIds.pseudonym("ann@example.org", key));
    assertNotEquals(ann, PublicIds.pseudonym("bob@example.org", key));
    assertNotEquals(ann, PublicIds.pseudonym("ann@example.org", "other".getBytes(UTF_8)));
  }
}
