package devfest.studio.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NatsCredentialsTest {

  private static final byte[] NONCE = "a nonce".getBytes(StandardCharsets.UTF_8);

  @TempDir Path dir;

  /** Returns the seed as its only bytes, from which the JDK makes the key pair of the seed. */
  private static final class Seed extends SecureRandom {
    private final byte[] seed;

    Seed(byte[] seed) {
      this.seed = seed;
    }

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(seed, 0, bytes, 0, bytes.length);
    }
  }

  private static String base32(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    java.math.BigInteger bits = new java.math.BigInteger(1, bytes);
    int padding = (5 - bytes.length * 8 % 5) % 5;
    bits = bits.shiftLeft(padding);
    for (int i = (bytes.length * 8 + padding) / 5 - 1; i >= 0; i--) {
      text.append(
          "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".charAt(bits.shiftRight(5 * i).intValue() & 31));
    }
    return text.toString();
  }

  private Path file(byte[] seed) throws Exception {
    byte[] raw = new byte[36];
    raw[0] = (byte) 0x96; // begins "SU", the seed of a user
    raw[1] = (byte) 0x80;
    System.arraycopy(seed, 0, raw, 2, seed.length);
    return Files.writeString(
        dir.resolve("user.creds"),
        """
        -----BEGIN NATS USER JWT-----
        eyJ0eXAiOiJKV1QifQ.eyJzdWIiOiJVIn0.c2ln-_A
        ------END NATS USER JWT------

        ************************* IMPORTANT *************************
        -----BEGIN USER NKEY SEED-----
        %s
        ------END USER NKEY SEED------
        """
            .formatted(base32(raw)));
  }

  @Test
  void theNonceIsSignedWithTheSeedAndTheJwtIsSent() throws Exception {
    byte[] seed = new byte[32];
    for (int i = 0; i < seed.length; i++) {
      seed[i] = (byte) (7 * i + 200);
    }
    NatsCredentials credentials = new NatsCredentials(file(seed));
    KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
    generator.initialize(255, new Seed(seed));
    KeyPair pair = generator.generateKeyPair();
    Signature check = Signature.getInstance("Ed25519");
    check.initVerify(pair.getPublic());
    check.update(NONCE);
    assertTrue(check.verify(credentials.sign(NONCE)));
    assertArrayEquals(
        "eyJ0eXAiOiJKV1QifQ.eyJzdWIiOiJVIn0.c2ln-_A".toCharArray(), credentials.getJWT());
  }

  @Test
  void aFileWithoutSeedIsRefused() throws Exception {
    Path file = Files.writeString(dir.resolve("x.creds"), "--- jwt ---\n");
    NatsCredentials credentials = new NatsCredentials(file);
    assertThrows(IllegalStateException.class, () -> credentials.sign(NONCE));
  }
}
