package devfest.studio;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Delivers as GitHub does. */
public final class Hooks {

  public static final String SHARED = "/api/v1/github/webhook";

  private final Client client;
  private final String path;
  private final String secret;

  public Hooks(Client client, String path, String secret) {
    this.client = client;
    this.path = path;
    this.secret = secret;
  }

  /** Payloads by event, as GitHub documents them. */
  public static JsonObject documented() {
    try (JsonReader reader =
        Json.createReader(Hooks.class.getResourceAsStream("/github/deliveries.json"))) {
      return reader.readObject();
    }
  }

  public Client.Reply deliver(String event) {
    return deliver(event, UUID.randomUUID().toString());
  }

  public Client.Reply deliver(String event, String id) {
    return deliver(event, id, documented().get(event).toString());
  }

  public Client.Reply deliver(String event, String id, String payload) {
    byte[] body = payload.getBytes(StandardCharsets.UTF_8);
    return send(event, id, body, "application/json", sign(secret, body));
  }

  public Client.Reply send(String event, String id, byte[] body, String type, String signature) {
    HttpRequest.Builder request =
        client
            .request(path)
            .header("Content-Type", type)
            .header("X-GitHub-Event", event)
            .header("X-GitHub-Delivery", id)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (signature != null) {
      request.header("X-Hub-Signature-256", signature);
    }
    return client.send(request);
  }

  public static String sign(String secret, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public static String statusOf(Client client, String delivery) {
    return client.get("/api/v1/github/events?limit=100").items().stream()
        .map(item -> item.asJsonObject())
        .filter(item -> item.getString("delivery_id").equals(delivery))
        .map(item -> item.getString("status"))
        .findFirst()
        .orElse("unknown");
  }

  public static List<JsonObject> drafts(Client client, String delivery) {
    return client.get("/api/v1/github/posts?limit=100").items().stream()
        .map(item -> item.asJsonObject())
        .filter(item -> item.get("deliveryId").toString().contains(delivery))
        .toList();
  }
}
