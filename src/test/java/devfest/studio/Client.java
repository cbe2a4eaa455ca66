package devfest.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** One user of a running studio. */
public final class Client {

  /** An answer with its body read as JSON. */
  public record Reply(HttpResponse<byte[]> response) {
    public int status() {
      return response.statusCode();
    }

    public String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }

    public byte[] bytes() {
      return response.body();
    }

    public JsonObject json() {
      return TestJson.json(new String(response.body(), StandardCharsets.UTF_8));
    }

    /** The data of a success. */
    public JsonObject data() {
      return json().getJsonObject("data");
    }

    public JsonArray items() {
      return data().getJsonArray("items");
    }
  }

  private static final HttpClient HTTP = client();
  private static final String BOUNDARY = "studio-test-boundary";

  private final URI base;
  private final String user;
  private final String token;
  private final HttpClient http;

  private Client(URI base, String user, String token, HttpClient http) {
    this.base = base;
    this.user = user;
    this.token = token;
    this.http = http;
  }

  /** A client without a token. */
  public static Client anonymous(URI base) {
    return new Client(base, null, null, HTTP);
  }

  /** A client with a token of dev mode. */
  public static Client of(URI base, String user, String... groups) {
    return of(base, user, Duration.ofHours(1), groups);
  }

  public static Client of(URI base, String user, Duration life, String... groups) {
    JsonObject wish =
        TestJson.JSON
            .createObjectBuilder()
            .add("user", user)
            .add("groups", TestJson.JSON.createArrayBuilder(List.of(groups)))
            .add("ttlSeconds", life.toSeconds())
            .build();
    Reply reply = anonymous(base).post("/api/v1/dev/tokens", wish.toString());
    assertEquals(200, reply.status(), () -> new String(reply.bytes(), StandardCharsets.UTF_8));
    return new Client(base, user, reply.data().getString("token"), HTTP);
  }

  public Client withToken(String other) {
    return new Client(base, user, other, http);
  }

  /**
   * The same user with connections of its own. The server may close a connection after a request
   * that it refuses, even if it receives the next one at that moment.
   */
  public Client withOwnConnections() {
    return new Client(base, user, token, client());
  }

  /** Uses the protocol of browsers, curl and proxies; without it Java offers h2c. */
  private static HttpClient client() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  /** The user id; null when anonymous. */
  public String user() {
    return user;
  }

  public String token() {
    return token;
  }

  public URI uri(String path) {
    // Below the context path. Not resolved, which would change unusual spellings of a path.
    return URI.create(base + path.replaceFirst("^/", ""));
  }

  /** A request to this studio, with the token when there is one. */
  public HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(60));
    return token == null ? request : request.header("Authorization", "Bearer " + token);
  }

  public Reply send(HttpRequest.Builder request) {
    try {
      HttpRequest built = request.build();
      HttpResponse<byte[]> response = http.send(built, HttpResponse.BodyHandlers.ofByteArray());
      Documents.check(built, response);
      return new Reply(response);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public Reply get(String path) {
    return send(request(path));
  }

  public Reply delete(String path) {
    return send(request(path).DELETE());
  }

  public Reply post(String path, String json) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  public Reply patch(String path, String json) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .method("PATCH", HttpRequest.BodyPublishers.ofString(json)));
  }

  /** Opens another stream with the token in the header. */
  public SseReader follow(String path) throws IOException {
    return SseReader.open(
        uri(path), token == null ? "X-No: token" : "Authorization: Bearer " + token);
  }

  public Reply upload(byte[] image, String visibility) {
    return upload("/api/v1/photos", "file", image, visibility);
  }

  public Reply upload(String path, String part, byte[] image, String visibility) {
    return upload(path, part, image, visibility, "");
  }

  public Reply upload(String path, String part, byte[] image, String visibility, String key) {
    return upload(path, List.of(part), image, visibility, key);
  }

  /** The image as so many parts. */
  public Reply upload(
      String path, List<String> parts, byte[] image, String visibility, String key) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if (visibility != null) {
      body.writeBytes(
          text(
              "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"visibility\"\r\n\r\n"));
      body.writeBytes(text(visibility + "\r\n"));
    }
    for (String part : parts) {
      body.writeBytes(
          text(
              "--"
                  + BOUNDARY
                  + "\r\nContent-Disposition: form-data; name=\""
                  + part
                  + "\"; filename=\"photo.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"));
      body.writeBytes(image);
      body.writeBytes(text("\r\n"));
    }
    body.writeBytes(text("--" + BOUNDARY + "--\r\n"));
    return send(
        request(path)
            .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
            .header("Idempotency-Key", key)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray())));
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Uploads a photo that is accepted, and returns its id. */
  public String photo(byte[] image, String visibility) {
    Reply reply = upload(image, visibility);
    assertEquals(201, reply.status(), () -> new String(reply.bytes(), StandardCharsets.UTF_8));
    return reply.data().getString("photoId");
  }

  /** Orders a transformation that is accepted, and returns its id. */
  public String transform(String photoId, String styleId) {
    Reply reply =
        post(
            "/api/v1/transformations",
            "{\"photoId\":\"" + photoId + "\",\"styleId\":\"" + styleId + "\"}");
    assertEquals(202, reply.status(), () -> new String(reply.bytes(), StandardCharsets.UTF_8));
    return reply.data().getString("transformationId");
  }

  /** Publishes one event of the user {@code ann}, and returns its position. */
  public String publish(String event, String data, String visibility) {
    Reply reply =
        post(
            "/api/v1/events",
            "{\"event\":\"%s\",\"data\":%s,\"visibility\":\"%s\",\"userId\":\"ann\"}"
                .formatted(event, data, visibility));
    assertEquals(200, reply.status(), () -> new String(reply.bytes(), StandardCharsets.UTF_8));
    return reply.json().getJsonArray("eventIds").getString(0);
  }

  /** Opens the live stream with the token in the header. */
  public SseReader stream(String query, String... headers) throws IOException {
    String[] all = java.util.Arrays.copyOf(headers, headers.length + 1);
    all[headers.length] = token == null ? "X-No: token" : "Authorization: Bearer " + token;
    return SseReader.open(uri("/api/v1/events/stream" + query), all);
  }
}
