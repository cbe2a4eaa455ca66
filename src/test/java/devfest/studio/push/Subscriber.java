package devfest.studio.push;

import devfest.studio.TestJson;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The browser's side of RFC 8291, written from the RFC: it shares no code with the library of the
 * studio.
 */
public final class Subscriber {

  private static final int SALT = 16;
  private static final int COORDINATE = 32;

  private final KeyPair keys;
  private final byte[] auth;

  private Subscriber(KeyPair keys, byte[] auth) {
    this.keys = keys;
    this.auth = auth;
  }

  public Subscriber() {
    this(fresh(), new byte[SALT]);
    new SecureRandom().nextBytes(auth);
  }

  private static KeyPair fresh() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A browser with given keys in base64url. */
  static Subscriber of(String privateKey, String publicKey, String auth)
      throws GeneralSecurityException {
    ECPrivateKeySpec secret = new ECPrivateKeySpec(new BigInteger(1, decode(privateKey)), curve());
    return new Subscriber(
        new KeyPair(point(decode(publicKey)), KeyFactory.getInstance("EC").generatePrivate(secret)),
        decode(auth));
  }

  private static ECParameterSpec curve() throws GeneralSecurityException {
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec("secp256r1"));
    return parameters.getParameterSpec(ECParameterSpec.class);
  }

  private static PublicKey point(byte[] uncompressed) throws GeneralSecurityException {
    BigInteger x = new BigInteger(1, Arrays.copyOfRange(uncompressed, 1, 1 + COORDINATE));
    BigInteger y =
        new BigInteger(1, Arrays.copyOfRange(uncompressed, 1 + COORDINATE, uncompressed.length));
    return KeyFactory.getInstance("EC")
        .generatePublic(new ECPublicKeySpec(new ECPoint(x, y), curve()));
  }

  String p256dh() {
    return encode(uncompressed());
  }

  public String auth() {
    return encode(auth);
  }

  /** The private key in base64url, for another program that decrypts. */
  public String privateKey() {
    return encode(padded(((ECPrivateKey) keys.getPrivate()).getS()));
  }

  private byte[] uncompressed() {
    ECPoint w = ((ECPublicKey) keys.getPublic()).getW();
    return join(new byte[] {4}, padded(w.getAffineX()), padded(w.getAffineY()));
  }

  private static byte[] padded(BigInteger number) {
    byte[] plain = number.toByteArray();
    byte[] padded = new byte[COORDINATE];
    int length = Math.min(plain.length, COORDINATE);
    System.arraycopy(plain, plain.length - length, padded, COORDINATE - length, length);
    return padded;
  }

  /** The PushSubscription as JSON, as {@code toJSON()} of a browser returns it. */
  public String subscription(String endpoint) {
    return Json.createObjectBuilder()
        .add("endpoint", endpoint)
        .add("expirationTime", JsonValue.NULL)
        .add("keys", Json.createObjectBuilder().add("p256dh", p256dh()).add("auth", auth()))
        .build()
        .toString();
  }

  /** Decrypts the body of a message, which is one record of aes128gcm (RFC 8188). */
  public String decrypt(byte[] body) throws GeneralSecurityException {
    ByteBuffer in = ByteBuffer.wrap(body);
    byte[] salt = take(in, SALT);
    int recordSize = in.getInt();
    byte[] sender = take(in, in.get() & 0xff);
    byte[] sealed = take(in, in.remaining());
    if (sealed.length > recordSize) {
      throw new GeneralSecurityException("More than one record");
    }
    KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
    agreement.init(keys.getPrivate());
    Object ignored = agreement.doPhase(point(sender), true);
    byte[] keyInfo = join(text("WebPush: info\0"), uncompressed(), sender, new byte[] {1});
    byte[] input = hmac(hmac(auth, agreement.generateSecret()), keyInfo);
    byte[] secret = hmac(salt, input);
    byte[] key = hmac(secret, text("Content-Encoding: aes128gcm\0\1"));
    byte[] nonce = hmac(secret, text("Content-Encoding: nonce\0\1"));
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.DECRYPT_MODE,
        new SecretKeySpec(Arrays.copyOf(key, 16), "AES"),
        new GCMParameterSpec(128, Arrays.copyOf(nonce, 12)));
    byte[] padded = cipher.doFinal(sealed);
    int end = padded.length - 1;
    while (padded[end] == 0) {
      end--;
    }
    if (padded[end] != 2) {
      throw new GeneralSecurityException("Not the last record");
    }
    return new String(padded, 0, end, StandardCharsets.UTF_8);
  }

  /** Decrypts a message of the studio, which is a JSON object. */
  public JsonObject read(byte[] body) {
    try {
      return TestJson.json(decrypt(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] take(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private static byte[] hmac(byte[] key, byte[] message) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(message);
  }

  private static byte[] join(byte[]... parts) {
    ByteBuffer all = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(part -> part.length).sum());
    for (byte[] part : parts) {
      all.put(part);
    }
    return all.array();
  }

  private static byte[] text(String ascii) {
    return ascii.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] decode(String text) {
    return Base64.getUrlDecoder().decode(text);
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
