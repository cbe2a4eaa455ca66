package devfest.studio;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The key of dev mode for all servers of a JVM. A server would otherwise generate its own at its
 * first start, which takes two of its ten seconds. {@code StartIT} has a server that does.
 */
final class DevKey {

  private static final String JSON = generate();

  private DevKey() {}

  private static String generate() {
    try {
      return new RSAKeyGenerator(2048).keyID("dev").generate().toJSONString();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static FileAttribute<Set<PosixFilePermission>> mode(String mode) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
  }

  /** Writes the key to a data directory that has none. Nodes that start together share one. */
  static synchronized void putInto(Path data) throws IOException {
    Path file = data.resolve("dev-key.json");
    if (!Files.exists(file)) {
      Files.createDirectories(data, mode("rwx------"));
      Files.writeString(Files.createFile(file, mode("rw-------")), JSON);
    }
  }
}
