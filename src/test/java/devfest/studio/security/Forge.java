package devfest.studio.security;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Makes tokens of every kind, good and bad, by the text of their parts. */
public final class Forge {

  /**
   * @param good whether a studio that trusts the forge's key and issuer takes it
   */
  public record Kind(String name, String token, boolean good) {}

  private final JWK key;
  private final String issuer;
  private final Instant now;
  private int users;
  private final List<Kind> kinds = new ArrayList<>();

  public Forge(JWK key, String issuer, Instant now) {
    this.key = key;
    this.issuer = issuer;
    this.now = now;
  }

  /** A token with these members of its claims besides issuer and end. */
  public String token(String members) {
    return sign(header("\"typ\":\"JWT\""), claims(members));
  }

  /** The claims of a good token, with more members. */
  private String claims(String members) {
    return body("\"exp\":" + in(3_600) + "," + members);
  }

  private String body(String members) {
    return "{\"iss\":\"" + issuer + "\"," + members + "}";
  }

  private String header(String members) {
    JWSAlgorithm algorithm = key instanceof ECKey ? JWSAlgorithm.ES256 : JWSAlgorithm.RS256;
    String id = key.getKeyID() == null ? "" : ",\"kid\":\"" + key.getKeyID() + "\"";
    return "{\"alg\":\"" + algorithm + "\"" + id + (members.isEmpty() ? "" : "," + members) + "}";
  }

  private long in(long seconds) {
    return now.getEpochSecond() + seconds;
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String input(String header, String payload) {
    return encode(header.getBytes(StandardCharsets.UTF_8))
        + "."
        + encode(payload.getBytes(StandardCharsets.UTF_8));
  }

  private String sign(String header, String payload) {
    try {
      return key instanceof ECKey ec
          ? sign(header, payload, JWSAlgorithm.ES256, new ECDSASigner(ec))
          : sign(header, payload, JWSAlgorithm.RS256, new RSASSASigner((RSAKey) key));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String sign(String header, String payload, JWSAlgorithm by, JWSSigner signer) {
    try {
      String input = input(header, payload);
      return input
          + "."
          + signer.sign(new JWSHeader(by), input.getBytes(StandardCharsets.UTF_8)).toString();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private void good(String name, String token) {
    kinds.add(new Kind(name, token, true));
  }

  private void bad(String name, String token) {
    kinds.add(new Kind(name, token, false));
  }

  /** A new user each time, with a name that begins with "ann". */
  private String ann() {
    return "\"upn\":\"ann-" + users++ + "-" + now.toEpochMilli() + "\"";
  }

  /** One of each kind, for users whose names begin with "ann"; needs an RSA key. */
  public List<Kind> kinds() throws JOSEException {
    String alike = ann();
    String good = token(alike);
    good("plain", good);
    for (String typ : List.of("", "\"typ\":\"JWT\"", "\"typ\":\"jwt\"", "\"typ\":\"at+jwt\"")) {
      good("header " + typ, sign(header(typ), claims(ann())));
    }
    good("no kid", sign("{\"alg\":\"RS256\"}", claims(ann())));
    good("all of the optional claims", token(ann() + ",\"sub\":\"x\",\"jti\":\"1\",\"iat\":1"));
    good("preferred_username", token("\"preferred_username\":\"ann\",\"sub\":\"x\""));
    good("sub alone", token("\"sub\":\"ann\""));
    good("no group", token(ann() + ",\"groups\":[]"));
    good("groups", token(ann() + ",\"groups\":[\"admin\",\"x y\"]"));
    good("studio_publish", token(ann() + ",\"studio_publish\":[\"talk.*\"]"));
    good("any audience", token(ann() + ",\"aud\":[\"a\",\"b\"]"));
    good("nbf long ago", token(ann() + ",\"nbf\":" + in(-3_600)));
    good("fractions", sign(header(""), body(ann() + ",\"exp\":" + in(60) + ".5")));
    good("until 2100", sign(header(""), body(ann() + ",\"exp\":4102444800")));
    good("end in milliseconds", sign(header(""), body(ann() + ",\"exp\":" + in(60) + "000")));
    for (String huge : List.of("9223372036854775807", "1e18", "1e30", "1e300")) {
      good("until " + huge, sign(header(""), body(ann() + ",\"exp\":" + huge)));
    }

    bad("nbf ahead", token(ann() + ",\"nbf\":" + in(3_600)));
    bad("nbf no number", token(ann() + ",\"nbf\":\"1\""));
    bad("expired", sign(header(""), body(ann() + ",\"exp\":" + in(-60))));
    bad("no end", sign(header(""), body(ann())));
    for (String end : List.of("null", "\"" + in(60) + "\"", "-1", "true", "[]", "-1e300")) {
      bad("end " + end, sign(header(""), body(ann() + ",\"exp\":" + end)));
    }
    for (String groups :
        List.of(
            "\"admin\"",
            "[null,\"admin\"]",
            "[1]",
            "{}",
            "{\"admin\":true}",
            "[[\"admin\"]]",
            "true",
            "1")) {
      bad("groups " + groups, token(ann() + ",\"groups\":" + groups));
    }
    bad("studio_publish no array", token(ann() + ",\"studio_publish\":\"talk.*\""));
    bad("groups null", token(ann() + ",\"groups\":null"));
    bad("a number of 1200 digits", token(ann() + ",\"x\":0." + "1".repeat(1_200)));
    bad("nested 900 deep", token(ann() + ",\"x\":" + "[".repeat(900) + "]".repeat(900)));
    bad("junk behind the signature", token(ann()) + "!");
    bad("junk inside the signature", token(ann()).replaceFirst("(?=.{9}$)", "*"));
    bad("upn twice", token(ann() + ",\"upn\":\"bob\""));
    bad("upn twice alike", token(alike + "," + alike));
    bad("upn twice, once escaped", token(ann() + ",\"\\u0075pn\":\"bob\""));
    bad("groups twice", token(ann() + ",\"groups\":[],\"groups\":[\"admin\"]"));
    bad("a member twice inside", token(ann() + ",\"x\":{\"a\":1,\"a\":2}"));
    bad("alg twice", sign("{\"alg\":\"none\"," + header("").substring(1), claims(ann())));
    for (String user : List.of("5", "\"\"", "[\"ann\"]", "\"a\\u0000b\"", quoted(256))) {
      bad("user " + user, token("\"upn\":" + user));
    }
    bad("no user", token("\"name\":\"ann\""));
    bad("another issuer", sign(header(""), "{\"iss\":\"x\",\"exp\":" + in(60) + "," + ann() + "}"));
    bad("no issuer", sign(header(""), "{\"exp\":" + in(60) + "," + ann() + "}"));
    for (String typ : List.of("JOSE", "secevent+jwt", "")) {
      bad("typ " + typ, sign(header("\"typ\":\"" + typ + "\""), claims(ann())));
    }
    bad("typ no text", sign(header("\"typ\":1"), claims(ann())));
    bad("unknown kid", sign("{\"alg\":\"RS256\",\"kid\":\"nobody's\"}", claims(ann())));
    bad("crit", sign(header("\"crit\":[\"x\"],\"x\":1"), claims(ann())));
    bad("unsigned", input("{\"alg\":\"none\"}", claims(ann())) + ".");
    bad("unsigned, signed", sign("{\"alg\":\"none\"}", claims(ann())));
    byte[] secret =
        Base64.getEncoder()
            .encode(((RSAKey) key).toRSAPublicKey().getEncoded()); // the classic confusion
    bad("HMAC", sign("{\"alg\":\"HS256\"}", claims(ann()), JWSAlgorithm.HS256, mac(secret)));
    RSASSASigner signer = new RSASSASigner((RSAKey) key);
    bad("RS512", sign("{\"alg\":\"RS512\"}", claims(ann()), JWSAlgorithm.RS512, signer));
    bad("PS256", sign("{\"alg\":\"PS256\"}", claims(ann()), JWSAlgorithm.PS256, signer));
    RSAKey foreign = new RSAKeyGenerator(2048).keyID(key.getKeyID()).generate();
    bad("foreign signature", new Forge(foreign, issuer, now).token(ann()));
    bad(
        "its own key inside",
        new Forge(foreign, issuer, now)
            .sign(
                "{\"alg\":\"RS256\",\"jwk\":" + foreign.toPublicJWK().toJSONString() + "}",
                claims(ann())));
    bad("changed", good + "x");
    bad("cut", good.substring(0, good.length() - 4));
    bad("no signature", good.substring(0, good.lastIndexOf('.') + 1));
    bad("five parts", good + ".a.b");
    bad("an array", sign(header(""), "[1]"));
    bad("nothing", sign(header(""), ""));
    bad("no JSON", sign(header(""), "hello"));
    bad("more than JSON", sign(header(""), claims(ann()) + "x"));
    bad("text", "nonsense");
    return kinds;
  }

  private static MACSigner mac(byte[] secret) throws JOSEException {
    return new MACSigner(secret);
  }

  private static String quoted(int length) {
    return "\"" + "u".repeat(length) + "\"";
  }
}
