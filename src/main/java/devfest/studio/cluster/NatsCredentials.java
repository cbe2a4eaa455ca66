package devfest.studio.cluster;

import io.nats.client.AuthHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Signs in to NATS with a credentials file, which contains a user's JWT and the seed of its key.
 * Reads the file for each connection, so that it can be replaced. The library's own handler needs
 * Bouncy Castle; the JDK has Ed25519 as well. Thread-safe.
 */
final class NatsCredentials implements AuthHandler {

  private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"; // Base 32, RFC 4648

  /** A block between two lines of dashes with a title. */
  private static final Pattern BLOCK = Pattern.compile("---\\s*([A-Za-z0-9_.=-]+?)\\s*---");

  /** A seed begins with two bytes for its kind, and ends with two bytes of a checksum. */
  private static final int PREFIX = 2;

  private static final int SEED = 32;

  private final Path file;

  NatsCredentials(Path file) {
    this.file = file;
  }

  @Override
  public byte[] sign(byte[] nonce) {
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(key(block(1)));
      signature.update(nonce);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The seed in " + file + " is not usable", e);
    }
  }

  /** A user with a JWT needs no public key besides. */
  @Override
  public char[] getID() {
    return new char[0];
  }

  @Override
  public char[] getJWT() {
    return block(0).toCharArray();
  }

  /** Returns the content of the block with this index. */
  private String block(int index) {
    try {
      Matcher blocks = BLOCK.matcher(Files.readString(file));
      for (int i = 0; i <= index; i++) {
        if (!blocks.find()) {
          throw new IllegalStateException(file + " must contain a JWT and a seed");
        }
      }
      return blocks.group(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PrivateKey key(String seed) throws GeneralSecurityException {
    byte[] raw = Arrays.copyOfRange(decode(seed), PREFIX, PREFIX + SEED);
    return KeyFactory.getInstance("Ed25519")
        .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, raw));
  }

  private static byte[] decode(String base32) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int buffer = 0;
    int bits = 0;
    for (int i = 0; i < base32.length(); i++) {
      buffer = (buffer << 5) | ALPHABET.indexOf(base32.charAt(i));
      bits += 5;
      if (bits >= 8) {
        bits -= 8;
        bytes.write(buffer >> bits);
        buffer &= (1 << bits) - 1;
      }
    }
    return bytes.toByteArray();
  }
}
