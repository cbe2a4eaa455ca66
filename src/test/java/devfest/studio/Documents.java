package devfest.studio;

import static devfest.studio.TestJson.JSON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import devfest.studio.app.legacy.Literals;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonPointer;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The OpenAPI and the AsyncAPI document of the build, and whether what the studio sends is what
 * they say: an answer, a frame or a member that a document does not know fails the test.
 */
final class Documents {

  private static final String API = "/api/v1";
  private static final String JSON_TYPE = "application/json";
  private static final String PROBLEM = "application/problem+json";

  /** Other names of calls; see {@code app.Aliases}. */
  private static final Map<String, String> ALIASES =
      Map.of(API + "/upload", API + "/photos", API + "/transform", API + "/transformations");

  /** Statuses that any request can have; the documents have them as "default". */
  private static final Set<Integer> ANYWHERE = Set.of(405, 406, 411, 414, 431, 500, 501, 505, 507);

  /** Literal paths whose last frame has no data. */
  private static final Set<String> EMPTY_AT_THE_END =
      Set.of(
          "/chat-stream done", "/chat-stream complete", "/ai-stream done", "/ai-stream complete");

  private static final JsonObject OPEN_API = read("target/classes/META-INF/openapi.json");
  private static final JsonObject ASYNC_API =
      read("target/classes/devfest/studio/app/docs/asyncapi.json");

  /** OpenAPI shows envelopes alone: generated clients cannot read alternatives. */
  private static final JsonObject CLOUD_EVENT = ref("#/components/schemas/cloudEvent");

  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDialect(
          Dialects.getDraft202012(),
          builder ->
              builder.schemaRegistryConfig(
                  SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));

  private static final Map<JsonValue, Schema> COMPILED = new ConcurrentHashMap<>();
  private static final Map<String, JsonPointer> POINTERS = new ConcurrentHashMap<>();
  private static final Map<String, Pattern> PATTERNS = new ConcurrentHashMap<>();

  private Documents() {}

  static JsonObject openApi() {
    return OPEN_API;
  }

  static JsonObject asyncApi() {
    return ASYNC_API;
  }

  private static JsonObject read(String file) {
    try {
      return TestJson.json(Files.readString(Path.of(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fails unless the answer is one that the OpenAPI document promises for the request. */
  static void check(HttpRequest request, HttpResponse<byte[]> response) {
    String path = path(request.uri());
    String canonical = Literals.canonical(path, method(request));
    boolean literal = !canonical.equals(path);
    int status = response.statusCode();
    if (request.method().equals("OPTIONS") || !isApi(canonical)) {
      return;
    }
    String what = request.method() + " " + path + " answered " + status + ": ";
    String type =
        response.headers().firstValue("Content-Type").orElse("").replaceFirst("\\s*;.*", "");
    String body = new String(response.body(), StandardCharsets.UTF_8);
    Optional<JsonObject> operation = operation(canonical, method(request));
    if (operation.isEmpty()) {
      assertTrue(status >= 400, () -> what + "the OpenAPI document has no such operation");
    }
    if (status >= 400) {
      operation.ifPresent(
          known ->
              assertTrue(
                  ANYWHERE.contains(status) || responses(known).containsKey("" + status),
                  () -> what + "only " + responses(known).keySet() + " are documented"));
      if (!request.method().equals("HEAD") && !isTheServers(request, status, body)) {
        assertEquals(PROBLEM, type, () -> what + body);
        expect(what, ref("#/components/schemas/Problem"), OPEN_API, body);
      }
      return;
    }
    JsonObject answer = responses(operation.orElseThrow()).getJsonObject("" + status);
    if (answer == null) {
      fail(what + "only " + responses(operation.get()).keySet() + " are documented");
    }
    JsonObject content = resolve(answer, OPEN_API).getJsonObject("content");
    if (request.method().equals("HEAD")) {
      return;
    }
    if (content == null) {
      assertEquals("", body, () -> what + "no body is documented");
      return;
    }
    String known =
        content.keySet().stream()
            .filter(documented -> documented.replaceFirst("\\s*;.*", "").equals(type))
            .findFirst()
            .orElseGet(() -> fail(what + type + " is not among " + content.keySet()));
    if (query(request.uri()).contains("format=cloudevents")) {
      TestJson.json(body)
          .getJsonObject("data")
          .getJsonArray("items")
          .forEach(item -> expect(what, CLOUD_EVENT, ASYNC_API, item.toString()));
    } else if (known.equals(JSON_TYPE)) {
      JsonObject schema = content.getJsonObject(known).getJsonObject("schema");
      expect(what, literal ? flat(schema) : schema, OPEN_API, body);
    }
  }

  /** Some escapes in a path a server refuses by itself, before the studio meets the request. */
  private static boolean isTheServers(HttpRequest request, int status, String body) {
    return status == 400 && body.isEmpty() && request.uri().getRawPath().contains("%");
  }

  private static String method(HttpRequest request) {
    return request.method().equals("HEAD") ? "GET" : request.method();
  }

  private static boolean isApi(String path) {
    return path.startsWith(API + "/") || path.startsWith("/uploads/");
  }

  /**
   * The document of the operation that answers at this path; a template only where nothing else
   * does.
   */
  private static Optional<JsonObject> operation(String path, String method) {
    String name = ALIASES.getOrDefault(path, path);
    JsonObject paths = OPEN_API.getJsonObject("paths");
    return matching(paths.keySet().stream(), name)
        .map(
            template ->
                paths
                    .getJsonObject(template)
                    .getJsonObject(method.toLowerCase(java.util.Locale.ROOT)))
        .filter(operation -> operation != null)
        .findFirst();
  }

  private static Stream<String> matching(Stream<String> templates, String path) {
    return templates
        .filter(template -> matches(path, template))
        .sorted(Comparator.comparing(template -> template.contains("{")));
  }

  private static boolean matches(String path, String template) {
    return PATTERNS
        .computeIfAbsent(
            template,
            key -> Pattern.compile("\\Q" + key.replaceAll("\\{\\w+}", "\\\\E[^/]+\\\\Q") + "\\E"))
        .matcher(path)
        .matches();
  }

  private static JsonObject responses(JsonObject operation) {
    return operation.getJsonObject("responses");
  }

  /** The replies of literal paths carry the members of {@code data} beside it, too. */
  private static JsonObject flat(JsonObject schema) {
    return JSON.createObjectBuilder(resolve(schema, OPEN_API))
        .add("additionalProperties", JsonValue.TRUE)
        .build();
  }

  /** Fails unless the frame is one that the AsyncAPI document promises for the stream. */
  static void check(URI uri, String event, String data) {
    String path = Literals.canonical(path(uri), "GET");
    String query = query(uri);
    boolean literal = !path.equals(path(uri)) && path.equals(API + "/events/stream");
    boolean bare =
        query.contains("envelope=false") || (literal && !query.contains("envelope=true"));
    if (query.contains("format=cloudevents")) {
      checkCloudEvent(uri, path, event, data);
      return;
    }
    String name = event == null ? "message" : event;
    String what = path(uri) + " sent '" + name + "' " + data + ": ";
    if (event == null && query.contains("heartbeat=message") && data.matches("\\d{13}")) {
      return;
    }
    if (data.isEmpty() && EMPTY_AT_THE_END.contains(path(uri) + ' ' + name)) {
      return;
    }
    List<JsonObject> payloads =
        messages(channel(path), name)
            .filter(message -> isJson(message) || !query.contains("format=json"))
            .map(message -> bare ? data(message) : payload(message))
            .toList();
    any(what, payloads, data);
    if (path.equals(API + "/stream") && event == null) {
      checkPart(what, TestJson.json(data));
    }
  }

  private static void checkCloudEvent(URI uri, String path, String event, String text) {
    String what = path(uri) + " sent '" + event + "' " + text + ": ";
    expect(what, CLOUD_EVENT, ASYNC_API, text);
    JsonObject cloud = TestJson.json(text);
    List<JsonObject> payloads =
        messages(channel(path), cloud.getString("type")).map(Documents::data).toList();
    any(what, payloads, cloud.get("data").toString());
  }

  /** Fails unless the message is one that the AsyncAPI document promises for the WebSocket. */
  static void checkMessage(URI uri, String text) {
    String path = path(uri).startsWith(API) ? path(uri) : API + path(uri);
    String what = path + " sent " + text + ": ";
    any(what, messages(channel(path), "message").map(Documents::payload).toList(), text);
    JsonObject message = TestJson.json(text);
    if (path.equals(API + "/stream/ws") && message.containsKey("channel")) {
      checkPart(what, message);
    }
  }

  /** A message of the combined stream must be one that its channel sends on its own stream. */
  private static void checkPart(String what, JsonObject part) {
    String channel = part.getString("channel");
    String event = part.getString("event");
    List<JsonObject> payloads =
        ASYNC_API.getJsonObject("channels").values().stream()
            .map(JsonValue::asJsonObject)
            .filter(other -> carries(other, channel))
            .flatMap(other -> messages(other, event))
            .map(message -> channel.equals("events") ? data(message) : payload(message))
            .toList();
    any(what, payloads, part.get("data").toString());
  }

  private static boolean carries(JsonObject channel, String name) {
    String own = channel.getString("x-channel", "");
    return matches(name, own) || (own.equals("chat") && name.startsWith("chat/"));
  }

  /** Without the context path that some servers of the tests have. */
  private static String path(URI uri) {
    return uri.getPath().replaceFirst("^/studio(?=/)", "");
  }

  private static String query(URI uri) {
    return uri.getQuery() == null ? "" : uri.getQuery();
  }

  private static JsonObject channel(String path) {
    return ASYNC_API.getJsonObject("channels").values().stream()
        .map(JsonValue::asJsonObject)
        .filter(channel -> matches(path, channel.getString("address")))
        .findFirst()
        .orElseGet(() -> fail("The AsyncAPI document has no channel at " + path));
  }

  /** The messages of this name; where there is none, those that may have any name. */
  private static Stream<JsonObject> messages(JsonObject channel, String name) {
    List<JsonObject> all =
        channel.getJsonObject("messages").values().stream()
            .map(message -> resolve(message.asJsonObject(), ASYNC_API))
            .toList();
    List<JsonObject> named =
        all.stream().filter(message -> message.getString("name").equals(name)).toList();
    return named.isEmpty()
        ? all.stream().filter(message -> name.matches(message.getString("x-name-pattern", "-")))
        : named.stream();
  }

  private static boolean isJson(JsonObject message) {
    return message.getString("contentType", JSON_TYPE).equals(JSON_TYPE);
  }

  /** Empty for raw text, which has no schema. */
  private static JsonObject payload(JsonObject message) {
    return isJson(message) ? message.getJsonObject("payload") : JsonValue.EMPTY_JSON_OBJECT;
  }

  /** The payload without its envelope. */
  private static JsonObject data(JsonObject message) {
    JsonObject payload = closed(payload(message), ASYNC_API, false).asJsonObject();
    JsonObject properties = payload.getJsonObject("properties");
    return properties != null
            && properties.containsKey("timestamp")
            && properties.containsKey("data")
        ? properties.getJsonObject("data")
        : payload;
  }

  private static void any(String what, List<JsonObject> payloads, String text) {
    List<String> faults = new ArrayList<>();
    for (JsonObject payload : payloads) {
      if (payload.isEmpty()) {
        return; // raw text, or any JSON value
      }
      String fault = faults(payload, ASYNC_API, text);
      if (fault.isEmpty()) {
        return;
      }
      faults.add(fault);
    }
    fail(what + (faults.isEmpty() ? "the AsyncAPI document has no such message" : faults));
  }

  private static void expect(String what, JsonObject schema, JsonObject document, String text) {
    String faults = faults(schema, document, text);
    assertTrue(faults.isEmpty(), () -> what + faults + " in " + text);
  }

  /** The faults of the text; empty if it is valid. */
  static String faults(JsonObject schema, JsonObject document, String text) {
    Schema compiled =
        COMPILED.computeIfAbsent(
            schema,
            s -> REGISTRY.getSchema(closed(s, document, true).toString(), InputFormat.JSON));
    List<Error> errors = compiled.validate(text, InputFormat.JSON);
    return errors.isEmpty() ? "" : errors.toString();
  }

  private static JsonObject ref(String target) {
    return JSON.createObjectBuilder().add("$ref", target).build();
  }

  static JsonObject resolve(JsonObject object, JsonObject document) {
    JsonObject target = object;
    while (target.containsKey("$ref")) {
      target =
          (JsonObject)
              POINTERS
                  .computeIfAbsent(
                      target.getString("$ref"), ref -> JSON.createPointer(ref.substring(1)))
                  .getValue(document);
    }
    return target;
  }

  /**
   * The schema by itself, for a validator of JSON Schema: without references, the parts of {@code
   * allOf} as one, {@code nullable} as a type, and, where that is asked for, with no member that it
   * does not name.
   */
  private static JsonValue closed(JsonValue schema, JsonObject document, boolean strict) {
    if (schema instanceof JsonArray array) {
      JsonArrayBuilder items = JSON.createArrayBuilder();
      array.forEach(item -> items.add(closed(item, document, strict)));
      return items.build();
    }
    if (!(schema instanceof JsonObject object)) {
      return schema;
    }
    JsonObject resolved = merged(resolve(object, document), document);
    JsonObjectBuilder copy = JSON.createObjectBuilder();
    resolved.forEach(
        (keyword, value) -> {
          switch (keyword) {
            case "nullable", "example", "examples", "description", "default" -> {}
            case "properties" -> {
              JsonObjectBuilder properties = JSON.createObjectBuilder();
              value
                  .asJsonObject()
                  .forEach(
                      (name, property) -> properties.add(name, closed(property, document, strict)));
              copy.add(keyword, properties);
            }
            case "items", "oneOf", "anyOf", "additionalProperties" ->
                copy.add(keyword, closed(value, document, strict));
            default -> copy.add(keyword, value);
          }
        });
    if (resolved.getBoolean("nullable", false)) {
      copy.add("type", JSON.createArrayBuilder().add(resolved.get("type")).add("null"));
    }
    if (strict
        && resolved.containsKey("properties")
        && !resolved.containsKey("additionalProperties")) {
      copy.add("additionalProperties", false);
    }
    return copy.build();
  }

  private static JsonObject merged(JsonObject schema, JsonObject document) {
    if (!schema.containsKey("allOf")) {
      return schema;
    }
    JsonObjectBuilder all = JSON.createObjectBuilder();
    JsonObjectBuilder properties = JSON.createObjectBuilder();
    Set<JsonValue> required = new HashSet<>();
    for (JsonValue part : schema.getJsonArray("allOf")) {
      JsonObject plain = merged(resolve(part.asJsonObject(), document), document);
      plain.forEach(all::add);
      plain
          .getOrDefault("properties", JsonValue.EMPTY_JSON_OBJECT)
          .asJsonObject()
          .forEach(properties::add);
      required.addAll(plain.getOrDefault("required", JsonValue.EMPTY_JSON_ARRAY).asJsonArray());
    }
    JsonArrayBuilder names = JSON.createArrayBuilder();
    required.forEach(names::add);
    return all.add("properties", properties).add("required", names).build();
  }
}
