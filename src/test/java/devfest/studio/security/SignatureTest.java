package devfest.studio.security;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SignatureTest {

  /** GitHub's own example, from its documentation of webhooks. */
  private static final String SECRET = "It's a Secret to Everybody";

  private static final byte[] BODY = "Hello, World!".getBytes(StandardCharsets.UTF_8);
  private static final String SIGNATURE =
      "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

  @Test
  void theExampleOfGithubIsValid() {
    assertTrue(Signature.valid(SIGNATURE, SECRET, BODY));
  }

  @Test
  void anyOtherSignatureIsInvalid() {
    assertFalse(Signature.valid(null, SECRET, BODY));
    assertFalse(Signature.valid("", SECRET, BODY));
    assertFalse(Signature.valid("sha256=", SECRET, BODY));
    assertFalse(Signature.valid(SIGNATURE.substring(7), SECRET, BODY));
    assertFalse(Signature.valid(SIGNATURE.replace("sha256", "sha1"), SECRET, BODY));
    assertFalse(Signature.valid(SIGNATURE.replace('7', '8'), SECRET, BODY));
    assertFalse(Signature.valid(SIGNATURE + "0", SECRET, BODY));
    assertFalse(Signature.valid(SIGNATURE, SECRET + " ", BODY));
    assertFalse(Signature.valid(SIGNATURE, SECRET, new byte[0]));
  }
}
