package devfest.studio.security;

import devfest.studio.base.Sha256;
import devfest.studio.blobs.Blob;
import devfest.studio.blobs.BlobStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Derives the secrets of hooks and webhooks from a key in the blob store, so that the database
 * alone does not contain them (docs/decisions/hook-secrets.md). Safe for use from many threads and
 * nodes.
 */
@ApplicationScoped
public class DerivedSecrets {

  private static final String BLOB = "studio-hook-key";
  private static final int BYTES = 32;

  private final BlobStore store;
  private final SharedKeys shared;
  private volatile byte @Nullable [] key;

  @Inject
  DerivedSecrets(BlobStore store, SharedKeys shared) {
    this.store = store;
    this.shared = shared;
  }

  /**
   * Returns the secret of a hook or webhook, 32 bytes.
   *
   * @param seed random characters that are stored in its row
   * @throws UncheckedIOException if the key cannot be read
   */
  public byte[] of(String id, String seed) {
    return Signature.hmac(key(), (id + seed).getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Loads the key, so that {@link #of} uses neither the database nor the store.
   *
   * @throws UncheckedIOException if the key cannot be read
   */
  public void load() {
    byte[] ignored = key();
  }

  private byte[] key() {
    byte[] known = key;
    if (known == null) {
      try {
        known = read();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      key = known;
    }
    return known;
  }

  private byte[] read() throws IOException {
    String digest = shared.get("hooks", this::findOrCreate);
    String text = find().orElse("");
    if (!Sha256.hex(text).equals(digest)) {
      throw new IllegalStateException(
          "The store's file " + BLOB + " is missing or belongs to another database");
    }
    return HexFormat.of().parseHex(text);
  }

  /** Returns the digest of the key in the store. */
  private String findOrCreate() throws IOException {
    Optional<String> found = find();
    if (found.isPresent()) {
      return Sha256.hex(found.get());
    }
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    String text = HexFormat.of().formatHex(bytes);
    long ignored = store.write(BLOB, out -> out.write(text.getBytes(StandardCharsets.US_ASCII)));
    return Sha256.hex(text);
  }

  private Optional<String> find() throws IOException {
    try (Blob blob = store.open(BLOB)) {
      return Optional.of(new String(blob.bytes(), StandardCharsets.US_ASCII));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
