package devfest.studio.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/**
 * The key pair of dev mode. It is created at the first start and stored in the data directory,
 * readable only by the user who runs the process.
 */
final class DevKeys {

  static final String ISSUER = "devfest-studio-dev";

  private static final String FILE = "dev-key.json";
  private static final String KEY_ID = "dev";

  private final RSAKey key;

  private DevKeys(RSAKey key) {
    this.key = key;
  }

  /** Reads the key pair, or creates it if the directory has none. */
  static DevKeys in(Path dataDir) {
    Path file = dataDir.resolve(FILE);
    try {
      if (Files.notExists(file)) {
        create(dataDir, file);
      }
      return new DevKeys(RSAKey.parse(Files.readString(file)));
    } catch (IOException | JOSEException | ParseException e) {
      throw new IllegalStateException(
          "The dev key in " + file.toAbsolutePath() + " cannot be read or created", e);
    }
  }

  private static void create(Path dataDir, Path file) throws IOException, JOSEException {
    Files.createDirectories(dataDir);
    Path fresh = Files.createTempFile(dataDir, FILE, ".new", ownerOnly());
    try {
      Files.writeString(fresh, new RSAKeyGenerator(2048).keyID(KEY_ID).generate().toJSONString());
      publish(fresh, file);
    } catch (FileAlreadyExistsException e) {
      // another node that shares the directory was first, and its key is the one
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** Unlike a move, a link never replaces a file. */
  private static void publish(Path fresh, Path file) throws IOException {
    try {
      Files.createLink(file, fresh);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (IOException | UnsupportedOperationException e) { // a file system without links
      Files.move(fresh, file);
    }
  }

  private static FileAttribute<?>[] ownerOnly() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  /** The public half. */
  JWKSource<SecurityContext> keys() {
    return new ImmutableJWKSet<>(new JWKSet(key.toPublicJWK()));
  }

  String issue(String user, Collection<String> groups, Instant now, Duration life) {
    return OwnTokens.sign(key, ISSUER, user, null, groups, now, now.plus(life));
  }
}
