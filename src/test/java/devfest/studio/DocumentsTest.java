package devfest.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The OpenAPI and AsyncAPI documents are complete and consistent. */
class DocumentsTest {

  private static final JsonObject API = Documents.openApi();
  private static final JsonObject EVENTS = Documents.asyncApi();

  private static final Pattern TYPE = Pattern.compile("\"([a-z]+)\\.([a-z_]+)\"");
  private static final Pattern FAMILY = Pattern.compile("\"([a-z]+)\\.\" \\+");

  /** Never in the log; the stream of the chat sends them as user-joined and user-left. */
  private static final Set<String> OF_PRESENCE = Set.of("chat.joined", "chat.left");

  @Test
  void everySuccessHasASchemaAndAnExampleThatFitsIt() {
    eachOperation(
        (name, operation) ->
            responses(operation)
                .filter(response -> response.getKey().startsWith("2"))
                .filter(response -> !Set.of("204").contains(response.getKey()))
                .forEach(
                    response -> {
                      JsonObject content = response.getValue().getJsonObject("content");
                      assertNotNull(content, name);
                      content.forEach((type, media) -> shows(name, type, media.asJsonObject()));
                    }));
  }

  private static void shows(String name, String type, JsonObject media) {
    JsonObject schema = media.getJsonObject("schema");
    assertNotNull(schema, name);
    if (type.startsWith("image/") || type.equals("application/zip")) {
      assertEquals("binary", schema.getString("format"), name);
      return;
    }
    assertTrue(media.containsKey("example"), name + " has an example of " + type);
    if (type.equals("application/json")) {
      assertEquals("", Documents.faults(schema, API, media.get("example").toString()), name);
    }
  }

  @Test
  void everyRequestBodyOfJsonHasAnExampleThatFitsIt() {
    eachOperation(
        (name, operation) -> {
          JsonObject content =
              operation
                  .getOrDefault("requestBody", JsonValue.EMPTY_JSON_OBJECT)
                  .asJsonObject()
                  .getJsonObject("content");
          JsonObject json = content == null ? null : content.getJsonObject("application/json");
          if (json != null && !name.contains("webhook")) { // whose payloads GitHub describes
            shows(name, "application/json", json);
          }
        });
  }

  @Test
  void everyFailureIsAProblemDocument() {
    eachOperation(
        (name, operation) -> {
          List<String> failures =
              responses(operation)
                  .filter(response -> !response.getKey().startsWith("2"))
                  .filter(response -> !response.getKey().equals("304"))
                  .peek(
                      response -> {
                        JsonObject content = response.getValue().getJsonObject("content");
                        assertEquals(Set.of("application/problem+json"), content.keySet(), name);
                        JsonObject media = content.getJsonObject("application/problem+json");
                        assertEquals(
                            "",
                            Documents.faults(
                                media.getJsonObject("schema"),
                                API,
                                media.getJsonObject("example").toString()),
                            name);
                      })
                  .map(Map.Entry::getKey)
                  .toList();
          assertTrue(failures.contains("default"), name);
          boolean open =
              operation.containsKey("security") && operation.getJsonArray("security").isEmpty();
          assertEquals(!open || name.contains("webhook"), failures.contains("401"), name);
          assertEquals(name.contains("{"), failures.contains("404") && name.contains("{"), name);
        });
  }

  @Test
  void streamsAreDocumentedAsEventStreamsThatAcceptEveryCredential() {
    Set<String> streams = new HashSet<>();
    eachOperation(
        (name, operation) ->
            responses(operation)
                .filter(response -> response.getKey().equals("200"))
                .filter(
                    response ->
                        response
                            .getValue()
                            .getJsonObject("content")
                            .containsKey("text/event-stream"))
                .filter(response -> name.startsWith("get "))
                .forEach(
                    response -> {
                      boolean open = name.equals("get /api/v1/diagnose/stream");
                      assertEquals(open ? 0 : 5, operation.getJsonArray("security").size(), name);
                      streams.add(name.substring("get ".length()));
                    }));
    Set<String> channels = new HashSet<>();
    EVENTS
        .getJsonObject("channels")
        .values()
        .forEach(channel -> channels.add(channel.asJsonObject().getString("address")));
    channels.removeIf(path -> path.endsWith("/ws"));
    assertEquals(channels, streams, "both documents know the same streams");
  }

  /** Types are written out in the sources, or a family's name is joined to a state's. */
  @Test
  void theEventStreamDocumentsExactlyTheTypesThatTheStudioEmits() throws Exception {
    Set<String> documented =
        EVENTS
            .getJsonObject("channels")
            .getJsonObject("events")
            .getJsonObject("messages")
            .values()
            .stream()
            .map(message -> Documents.resolve(message.asJsonObject(), EVENTS).getString("name"))
            .filter(name -> name.matches("[a-z]+\\.[a-z_]+") && !name.startsWith("stream."))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> families =
        documented.stream()
            .map(name -> name.substring(0, name.indexOf('.')))
            .collect(Collectors.toSet());
    Set<String> emitted = new TreeSet<>();
    Set<String> joined = new TreeSet<>();
    for (String source : sources()) {
      boolean emitter = source.contains("new Event(");
      TYPE.matcher(source)
          .results()
          .filter(type -> emitter || families.contains(type.group(1)))
          .forEach(type -> emitted.add(type.group(1) + '.' + type.group(2)));
      FAMILY
          .matcher(source)
          .results()
          .filter(family -> families.contains(family.group(1)))
          .forEach(family -> joined.add(family.group(1)));
    }
    assertEquals(Set.of("transformation", "github", "task"), joined);
    emitted.addAll(states("transformation", "transformations.Step$Kind", Set.of("queued")));
    emitted.addAll(states("github", "feeds.github.Delivery$Status", Set.of()));
    emitted.addAll(states("task", "feeds.tasks.Task$Status", Set.of("pending", "processing")));
    emitted.removeAll(OF_PRESENCE);
    assertEquals(documented, emitted);
  }

  private static List<String> sources() throws IOException {
    List<String> sources = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(name -> name.toString().endsWith(".java")).toList()) {
        sources.add(Files.readString(file));
      }
    }
    return sources;
  }

  private static Set<String> states(String family, String type, Set<String> silent)
      throws ClassNotFoundException {
    return Arrays.stream(Class.forName("devfest.studio." + type).getEnumConstants())
        .map(state -> ((Enum<?>) state).name().toLowerCase(Locale.ROOT))
        .filter(state -> !silent.contains(state))
        .map(state -> family + '.' + state)
        .collect(Collectors.toSet());
  }

  @Test
  void operationsHaveSummariesAndIdsAndHeadIsOmitted() {
    Set<String> ids = new HashSet<>();
    eachOperation(
        (name, operation) -> {
          assertFalse(name.startsWith("head "), name);
          String id = operation.getString("operationId");
          assertTrue(id.matches("[a-z][A-Za-z]+") && ids.add(id), id);
          assertFalse(operation.getString("summary").isBlank(), name);
          operation
              .getOrDefault("parameters", JsonValue.EMPTY_JSON_ARRAY)
              .asJsonArray()
              .forEach(
                  parameter ->
                      assertTrue(
                          parameter.asJsonObject().containsKey("description"),
                          name + ' ' + parameter));
        });
    for (String schema : API.getJsonObject("components").getJsonObject("schemas").keySet()) {
      assertTrue(schema.matches("[A-Z][A-Za-z]+"), schema);
    }
  }

  /** The examples of streams are frames as the AsyncAPI document has them. */
  @Test
  void examplesOfStreamsAreFrames() {
    eachOperation(
        (name, operation) ->
            responses(operation)
                .filter(response -> response.getKey().equals("200"))
                .map(response -> response.getValue().getJsonObject("content"))
                .filter(content -> content.containsKey("text/event-stream"))
                .forEach(
                    content ->
                        frames(
                            name.substring(name.indexOf(' ') + 1).replaceAll("\\{\\w+}", "1"),
                            content.getJsonObject("text/event-stream").getString("example"))));
  }

  private static void frames(String path, String example) {
    for (String frame : example.split("\n\n")) {
      String event = null;
      String data = null;
      for (String line : frame.split("\n")) {
        event = line.startsWith("event: ") ? line.substring("event: ".length()) : event;
        data = line.startsWith("data: ") ? line.substring("data: ".length()) : data;
      }
      Documents.check(URI.create("http://localhost" + path), event, data);
    }
  }

  @Test
  void undocumentedAnswersFailTheCheck() {
    URI quota = URI.create("http://localhost/api/v1/quota/stream");
    String good =
        "{\"type\":\"quota\",\"quota\":{\"used\":1,\"remaining\":null,\"limit\":0,"
            + "\"resetsAt\":\"2026-11-22T00:00:00.000Z\"}}";
    Documents.check(quota, "quota", good);
    for (String bad :
        List.of(
            good.replace("\"used\":1,", ""),
            good.replace("\"used\":1", "\"used\":\"1\""),
            good.replace("\"limit\":0", "\"limit\":null"),
            good.replace("2026-11-22T", "yesterday"),
            good.replace("\"used\":1", "\"used\":1,\"more\":true"))) {
      assertThrows(AssertionError.class, () -> Documents.check(quota, "quota", bad), bad);
    }
    assertThrows(AssertionError.class, () -> Documents.check(quota, "quotas", good));
  }

  private static void eachOperation(BiConsumer<String, JsonObject> check) {
    API.getJsonObject("paths")
        .forEach(
            (path, item) ->
                item.asJsonObject()
                    .forEach(
                        (method, operation) ->
                            check.accept(method + ' ' + path, operation.asJsonObject())));
  }

  private static Stream<Map.Entry<String, JsonObject>> responses(JsonObject operation) {
    return operation.getJsonObject("responses").entrySet().stream()
        .map(
            response ->
                Map.entry(
                    response.getKey(), Documents.resolve(response.getValue().asJsonObject(), API)));
  }
}
