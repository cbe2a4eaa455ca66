package devfest.studio.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.UUID;

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
          "The dev key in " + file.toAbsolutePath() + " can't be read or created", e);
    }
  }

  private static void create(Path dataDir, Path file) throws IOException, JOSEException {
    Files.createDirectories(dataDir);
    Path fresh = Files.createTempFile(dataDir, FILE, ".new", ownerOnly());
    Files.writeString(fresh, new RSAKeyGenerator(2048).keyID(KEY_ID).generate().toJSONString());
    try {
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
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
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(ISSUER)
            .subject(user)
            .claim("upn", user)
            .claim("groups", new ArrayList<>(groups))
            .jwtID(UUID.randomUUID().toString())
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plus(life)))
            .build();
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.RS256)
            .keyID(KEY_ID)
            .type(com.nimbusds.jose.JOSEObjectType.JWT)
            .build();
    try {
      SignedJWT token = new SignedJWT(header, claims);
      token.sign(new RSASSASigner(key));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException("The dev key can't sign a token", e);
    }
  }
}
