package devfest.studio.app.docs;

import devfest.studio.app.http.Failures;
import devfest.studio.app.http.ProblemDocument;
import devfest.studio.app.http.SuccessFilter;
import devfest.studio.http.Code;
import devfest.studio.http.Field;
import devfest.studio.http.Limited;
import devfest.studio.http.PlainText;
import devfest.studio.http.WholeNumber;
import devfest.studio.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.io.InputStream;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.media.MediaType;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;
import org.jspecify.annotations.Nullable;

/**
 * Adds to the OpenAPI document what follows from general rules and therefore has no annotations:
 * the envelope that {@link SuccessFilter} puts around every response, the problem documents of
 * {@link Failures}, the security requirements, the streams and the pictures. Examples and
 * descriptions of parameters come from {@code document.json}. The build runs this class when it
 * generates the document.
 */
public class DocumentFilter implements OASFilter {

  private static final String JPEG = "image/jpeg";

  private static final String JSON = "application/json";
  private static final String STREAM = "text/event-stream";
  private static final String SCHEMAS = "#/components/schemas/";
  private static final String RESPONSES = "#/components/responses/";

  /**
   * Parameters and cookie that carry a stream's credential, as browsers' stream APIs send no
   * headers.
   */
  private static final Set<String> CREDENTIALS = Set.of("ticket", "token", "studio_session");

  /** Failures of a request; the name is that of the response component that describes it. */
  private enum Failure {
    BAD_REQUEST(
        400, "The request is malformed: detail names the parameter or member and what is allowed"),
    UNAUTHORIZED(401, "Token required, or Invalid token"),
    FORBIDDEN(403, "The token does not have the role that this call requires"),
    NOT_FOUND(404, "The object does not exist, or the caller may not see it"),
    TOO_LARGE(413, "The body is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "This call does not accept the media type of the body"),
    UNPROCESSABLE(422, "The Idempotency-Key was used for a different request before"),
    TOO_MANY_REQUESTS(
        429, "The caller exceeded the rate limit; Retry-After gives the time to wait"),
    UNAVAILABLE(503, "A part of the studio is unavailable; Retry-After gives the time to wait"),
    OTHER(500, "Any other failure");

    private final int status;
    private final String description;

    Failure(int status, String description) {
      this.status = status;
      this.description = description;
    }

    String response() {
      return this == OTHER ? "default" : Integer.toString(status);
    }
  }

  private final JsonObject notes = notes();

  @SuppressWarnings("NullAway.Init") // filterOpenAPI sets it first
  private OpenAPI document;

  @Override
  public void filterOpenAPI(OpenAPI openApi) {
    document = openApi;
    document.setServers(List.of(OASFactory.createServer().url("/")));
    document.getComponents().addSchema("Problem", problem());
    for (Failure failure : Failure.values()) {
      APIResponse response = OASFactory.createAPIResponse().description(failure.description);
      document
          .getComponents()
          .addResponse(failure.name(), describeFailure(response, failure.status));
    }
    credentials();
    document
        .getPaths()
        .getPathItems()
        .forEach(
            (path, item) -> {
              item.getOperations().values().forEach(operation -> describe(path, operation));
            });
    pictures();
  }

  private void credentials() {
    scheme(
        "ticket",
        SecurityScheme.In.QUERY,
        "ticket",
        "A ticket from POST /events/tickets; opens one stream");
    scheme(
        "tokenInQuery", SecurityScheme.In.QUERY, "token", "The token; accepted for streams only");
    scheme(
        "session",
        SecurityScheme.In.COOKIE,
        "studio_session",
        "The cookie that POST /session sets");
  }

  private void scheme(String name, SecurityScheme.In in, String parameter, String description) {
    document
        .getComponents()
        .addSecurityScheme(
            name,
            OASFactory.createSecurityScheme()
                .type(SecurityScheme.Type.APIKEY)
                .in(in)
                .name(parameter)
                .description(description));
  }

  private void describe(String path, Operation operation) {
    Method method = method(operation.getOperationId());
    operation.setOperationId(id(method));
    RolesAllowed roles = method.getAnnotation(RolesAllowed.class);
    boolean open = operation.getSecurity() != null; // annotated with no requirements
    boolean stream = streams(method) && roles == null;
    if (!open) {
      operation.setSecurity(requirements(roles != null, stream));
    }
    describeParameters(operation);
    describeConstraints(operation, method);
    describeBody(operation);
    operation
        .getResponses()
        .getAPIResponses()
        .forEach(
            (status, response) -> {
              if (!status.startsWith("2")) {
                describeFailure(response, Integer.parseInt(status));
              } else if (streams(method) && status.equals("200")) {
                response.setContent(
                    content(STREAM, text(), notes.getJsonObject("streams").get(path)));
              } else {
                wrap(response);
              }
            });
    boolean body = operation.getRequestBody() != null;
    boolean parameters = operation.getParameters() != null && !operation.getParameters().isEmpty();
    add(operation, Failure.BAD_REQUEST, body || parameters);
    add(operation, Failure.UNAUTHORIZED, !open);
    add(operation, Failure.FORBIDDEN, roles != null && !roles.value()[0].equals(Roles.ANY_USER));
    add(operation, Failure.NOT_FOUND, path.contains("{"));
    add(operation, Failure.TOO_LARGE, body);
    add(operation, Failure.UNSUPPORTED_MEDIA_TYPE, body);
    add(operation, Failure.UNPROCESSABLE, hasParameter(operation, "Idempotency-Key"));
    add(operation, Failure.TOO_MANY_REQUESTS, !open || method.isAnnotationPresent(Limited.class));
    add(operation, Failure.UNAVAILABLE, true);
    add(operation, Failure.OTHER, true);
  }

  /**
   * Returns the operation id. Generated clients name their methods after it, so it must be stable.
   */
  private String id(Method method) {
    String resource = method.getDeclaringClass().getSimpleName().replaceFirst("Resource$", "");
    String id = lower(resource) + upper(method.getName());
    return notes.getJsonObject("operationIds").getString(id, id);
  }

  /**
   * Finds the resource method.
   *
   * @param operationId the id that the build assigns, {@code class_method}
   */
  private static Method method(String operationId) {
    int end = operationId.lastIndexOf('_');
    try {
      return Arrays.stream(Class.forName(operationId.substring(0, end)).getDeclaredMethods())
          .filter(method -> method.getName().equals(operationId.substring(end + 1)))
          .filter(method -> !method.isSynthetic())
          .filter(DocumentFilter::handlesRequests)
          .findFirst()
          .orElseThrow();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(operationId + " is not a resource method", e);
    }
  }

  private static boolean handlesRequests(Method method) {
    return Arrays.stream(method.getAnnotations())
        .anyMatch(a -> a.annotationType().isAnnotationPresent(jakarta.ws.rs.HttpMethod.class));
  }

  private static boolean streams(Method method) {
    jakarta.ws.rs.Produces own = method.getAnnotation(jakarta.ws.rs.Produces.class);
    jakarta.ws.rs.Produces type =
        own == null ? method.getDeclaringClass().getAnnotation(jakarta.ws.rs.Produces.class) : own;
    return type != null && type.value()[0].equals(STREAM);
  }

  private static List<SecurityRequirement> requirements(boolean required, boolean stream) {
    List<SecurityRequirement> ways = new ArrayList<>(List.of(requirement("token")));
    if (stream) {
      ways.addAll(
          List.of(requirement("ticket"), requirement("tokenInQuery"), requirement("session")));
    }
    if (!required) {
      ways.add(OASFactory.createSecurityRequirement()); // with anonymous access
    }
    return ways;
  }

  private static SecurityRequirement requirement(String scheme) {
    return OASFactory.createSecurityRequirement().addScheme(scheme);
  }

  private void describeParameters(Operation operation) {
    if (operation.getParameters() == null) {
      return;
    }
    List<Parameter> all = new ArrayList<>(operation.getParameters());
    all.removeIf(parameter -> CREDENTIALS.contains(parameter.getName()));
    all.forEach(
        parameter ->
            describe(
                parameter,
                Objects.requireNonNull(
                    notes.getJsonObject("parameters").get(parameter.getName()),
                    parameter.getName())));
    operation.setParameters(all);
  }

  /**
   * @param note the description as a string, or an object with a description and the bounds of a
   *     number
   */
  private static void describe(Parameter parameter, JsonValue note) {
    if (note instanceof JsonString meaning) {
      parameter.setDescription(meaning.getString());
    } else {
      JsonObject number = note.asJsonObject();
      parameter
          .description(number.getString("description"))
          .schema(
              OASFactory.createSchema()
                  .type(Schema.SchemaType.INTEGER)
                  .minimum(number.getJsonNumber("minimum").bigDecimalValue())
                  .maximum(number.getJsonNumber("maximum").bigDecimalValue()));
    }
  }

  /** Adds the studio's own constraints, which the build does not know, to the body's schema. */
  private void describeConstraints(Operation operation, Method method) {
    for (java.lang.reflect.Parameter parameter : method.getParameters()) {
      if (parameter.getType().isRecord()) {
        MediaType json = operation.getRequestBody().getContent().getMediaType(JSON);
        Schema schema = schema(json.getSchema().getRef());
        for (RecordComponent component : parameter.getType().getRecordComponents()) {
          describe(component, schema);
        }
      }
    }
  }

  private static void describe(RecordComponent component, Schema body) {
    String name = Field.name(component);
    PlainText text = component.getAnnotation(PlainText.class);
    if (text != null) {
      property(body, name).minLength(1).maxLength(text.max());
      body.addRequired(name);
    }
    WholeNumber number = component.getAnnotation(WholeNumber.class);
    if (number != null) {
      bound(property(body, name), number);
      if (!number.optional()) {
        body.addRequired(name);
      }
    }
    if (component.getAnnotatedType() instanceof AnnotatedParameterizedType list) {
      AnnotatedType item = list.getAnnotatedActualTypeArguments()[0];
      Optional.ofNullable(item.getAnnotation(WholeNumber.class))
          .ifPresent(each -> bound(property(body, name).getItems(), each));
    }
  }

  private static void bound(Schema schema, WholeNumber number) {
    schema.minimum(BigDecimal.valueOf(number.min())).maximum(BigDecimal.valueOf(number.max()));
  }

  private void describeBody(Operation operation) {
    if (operation.getRequestBody() == null) {
      return;
    }
    Content content = operation.getRequestBody().getContent();
    operation
        .getRequestBody()
        .setRequired(content.getMediaTypes().values().stream().allMatch(this::isRequired));
    MediaType json = content.getMediaType(JSON);
    Schema schema = json == null ? null : json.getSchema();
    if (schema != null && schema.getItems() != null) {
      json.setExample(List.of(example(name(schema.getItems().getRef()))));
    } else if (schema != null && schema.getRef() != null) {
      json.setExample(example(name(schema.getRef())));
    }
  }

  /** A body is optional if all of its members are. */
  private boolean isRequired(MediaType media) {
    String ref = media.getSchema().getRef();
    return ref == null || schema(ref).getRequired() != null;
  }

  private static boolean hasParameter(Operation operation, String parameter) {
    return operation.getParameters() != null
        && operation.getParameters().stream().anyMatch(p -> p.getName().equals(parameter));
  }

  private static void add(Operation operation, Failure failure, boolean applies) {
    if (applies && !operation.getResponses().hasAPIResponse(failure.response())) {
      operation
          .getResponses()
          .addAPIResponse(
              failure.response(), OASFactory.createAPIResponse().ref(RESPONSES + failure.name()));
    }
  }

  private static APIResponse describeFailure(APIResponse response, int status) {
    if (status == 429 || status == 503) {
      response.addHeader(
          "Retry-After",
          OASFactory.createHeader()
              .description("Seconds")
              .schema(OASFactory.createSchema().type(Schema.SchemaType.INTEGER)));
    }
    Code code = Code.of(status);
    Map<String, Object> example = new LinkedHashMap<>();
    example.put("type", "about:blank");
    example.put("title", code.title());
    example.put("status", status);
    example.put("detail", response.getDescription());
    example.put("instance", "/api/v1/photos");
    example.put("success", false);
    example.put("error", Map.of("code", code.word(), "message", response.getDescription()));
    return response.content(
        OASFactory.createContent()
            .addMediaType(
                ProblemDocument.TYPE,
                OASFactory.createMediaType().schema(ref("Problem")).example(example)));
  }

  /** Wraps the schema and the example of a response in the envelope, unless they include it. */
  private void wrap(APIResponse response) {
    MediaType json =
        response.getContent() == null ? null : response.getContent().getMediaType(JSON);
    Schema schema = json == null ? null : json.getSchema();
    if (json == null || schema == null || (schema.getRef() == null && schema.getItems() == null)) {
      return;
    }
    boolean list = schema.getRef() == null;
    String name = name(list ? schema.getItems().getRef() : schema.getRef());
    Schema data = schema(name);
    Object example = example(name);
    if (isPage(data)) {
      String item = name(property(data, "items").getItems().getRef());
      document.getComponents().removeSchema(name);
      name = item + "Page";
      document.getComponents().addSchema(name, data);
      schema.setRef(SCHEMAS + name);
      Map<String, Object> page = new LinkedHashMap<>();
      page.put("items", List.of(example(item)));
      page.put("next", null);
      example = page;
    }
    require(data, new HashSet<>());
    if (data.getProperties().containsKey("success")) {
      json.setExample(example);
      return;
    }
    String reply = name + (list ? "ListReply" : "Reply");
    document
        .getComponents()
        .addSchema(
            reply,
            OASFactory.createSchema()
                .type(Schema.SchemaType.OBJECT)
                .required(List.of("success", "data"))
                .addProperty("success", bool())
                .addProperty("data", schema));
    json.setSchema(ref(reply));
    Map<String, Object> envelope = new LinkedHashMap<>();
    envelope.put("success", true);
    envelope.put("data", list ? List.of(example) : example);
    json.setExample(envelope);
  }

  private static boolean isPage(Schema schema) {
    return schema.getProperties().keySet().equals(Set.of("items", "next"));
  }

  /**
   * Marks all members as required, as responses contain absent values as null, unless annotated.
   */
  private void require(@Nullable Schema schema, Set<Schema> seen) {
    if (schema == null || !seen.add(schema)) {
      return;
    }
    if (schema.getRef() != null) {
      require(schema(schema.getRef()), seen);
    }
    require(schema.getItems(), seen);
    if (schema.getProperties() != null) {
      if (schema.getRequired() == null) {
        schema.setRequired(List.copyOf(schema.getProperties().keySet()));
      }
      schema.getProperties().values().forEach(property -> require(property, seen));
    }
  }

  /** Describes the pictures, which a servlet serves outside of {@code /api/v1}. */
  private void pictures() {
    picture("/uploads/photos/{name}.jpg", JPEG, "A photo as stored");
    picture("/uploads/photos/thumbnails/{name}.jpg", JPEG, "The thumbnail of a photo");
    picture("/uploads/photos/small/{name}.jpg", JPEG, "The thumbnail of a photo");
    picture(
        "/uploads/photos/medium/{name}.jpg",
        JPEG,
        "A photo whose longest side has 1440 pixels; a smaller photo as stored");
    picture("/uploads/transformations/{name}.jpg", JPEG, "The result of a transformation");
    picture(
        "/uploads/transformations/thumbnails/{name}.jpg",
        JPEG,
        "The thumbnail of a result; its longest side has 720 pixels");
    picture(
        "/uploads/transformations/small/{name}.jpg",
        JPEG,
        "A result whose longest side has 480 pixels; the thumbnail if there is none");
    picture(
        "/uploads/transformations/medium/{name}.jpg",
        JPEG,
        "A result whose longest side has 1440 pixels; a smaller result as it is");
    picture("/uploads/event/{name}.png", "image/png", "The event's logo or frame");
  }

  private void picture(String path, String type, String summary) {
    Operation operation =
        OASFactory.createOperation()
            .operationId(idOf(path))
            .summary(summary)
            .addTag(type.equals(JPEG) ? "Photos" : "The event")
            .security(List.of())
            .addParameter(
                OASFactory.createParameter()
                    .name("name")
                    .in(Parameter.In.PATH)
                    .required(true)
                    .schema(text())
                    .description("The id. It cannot be guessed: the link itself grants access"))
            .responses(
                OASFactory.createAPIResponses()
                    .addAPIResponse("200", image(type, "The picture"))
                    .addAPIResponse("206", image(type, "The requested range"))
                    .addAPIResponse(
                        "304",
                        OASFactory.createAPIResponse()
                            .description("The picture still has the ETag in If-None-Match"))
                    .addAPIResponse(
                        "416",
                        describeFailure(
                            OASFactory.createAPIResponse()
                                .description("The requested range is outside of the picture"),
                            416)));
    add(operation, Failure.NOT_FOUND, true);
    add(operation, Failure.UNAVAILABLE, true);
    add(operation, Failure.OTHER, true);
    PathItem item = OASFactory.createPathItem();
    item.setGET(operation);
    document.getPaths().addPathItem(path, item);
  }

  /** For example {@code uploadsPhotosThumbnails}. */
  private static String idOf(String path) {
    return lower(
        Arrays.stream(path.split("/"))
            .filter(part -> !part.isEmpty() && !part.contains("{"))
            .map(DocumentFilter::upper)
            .collect(Collectors.joining()));
  }

  private static APIResponse image(String type, String description) {
    return OASFactory.createAPIResponse()
        .description(description)
        .addHeader("ETag", OASFactory.createHeader().schema(text()))
        .content(content(type, text().format("binary"), null));
  }

  private static Content content(String type, Schema schema, @Nullable JsonValue example) {
    MediaType media = OASFactory.createMediaType().schema(schema);
    if (example != null) {
      media.setExample(plain(example));
    }
    return OASFactory.createContent().addMediaType(type, media);
  }

  private Map<String, Schema> schemas() {
    return document.getComponents().getSchemas();
  }

  private @Nullable Object example(String schema) {
    JsonValue example = notes.getJsonObject("examples").get(schema);
    return example == null ? null : plain(example);
  }

  /** By its name, or by a reference to it. */
  private Schema schema(String ref) {
    return Objects.requireNonNull(schemas().get(name(ref)), ref);
  }

  private static Schema property(Schema schema, String name) {
    return Objects.requireNonNull(schema.getProperties().get(name), name);
  }

  private static String name(String ref) {
    return ref.substring(ref.lastIndexOf('/') + 1);
  }

  private static Schema ref(String name) {
    return OASFactory.createSchema().ref(SCHEMAS + name);
  }

  private static Schema problem() {
    Schema error =
        OASFactory.createSchema()
            .type(Schema.SchemaType.OBJECT)
            .required(List.of("code", "message"))
            .addProperty("code", text())
            .addProperty("message", text());
    Schema status = OASFactory.createSchema().type(Schema.SchemaType.INTEGER);
    return OASFactory.createSchema()
        .type(Schema.SchemaType.OBJECT)
        .description("A problem document (RFC 9457) with the additional members success and error")
        .required(List.of("type", "title", "status", "detail", "instance", "success", "error"))
        .addProperty("type", text())
        .addProperty("title", text())
        .addProperty("status", status)
        .addProperty("detail", text())
        .addProperty("instance", text())
        .addProperty("success", bool())
        .addProperty("error", error)
        .addProperty("node", text().description("Only from /health: the node that responded"))
        .addProperty(
            "signal",
            text().description("Only from /health: whether messages between nodes arrive"))
        .addProperty(
            "services",
            OASFactory.createSchema()
                .type(Schema.SchemaType.OBJECT)
                .description("Only from /health: the state of each service, healthy or unhealthy")
                .additionalPropertiesSchema(text()));
  }

  private static Schema text() {
    return OASFactory.createSchema().type(Schema.SchemaType.STRING);
  }

  private static Schema bool() {
    return OASFactory.createSchema().type(Schema.SchemaType.BOOLEAN);
  }

  private static String lower(String name) {
    return Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }

  private static String upper(String name) {
    return Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }

  private static JsonObject notes() {
    InputStream in = DocumentFilter.class.getResourceAsStream("document.json");
    try (JsonReader reader = JsonProvider.provider().createReader(in)) {
      return reader.readObject();
    }
  }

  /** Converts JSON to maps, lists and simple values, which the document model accepts. */
  private static @Nullable Object plain(JsonValue value) {
    if (value instanceof JsonObject object) {
      Map<String, Object> map = new LinkedHashMap<>();
      object.forEach((name, member) -> map.put(name, plain(member)));
      return map;
    }
    if (value instanceof JsonArray array) {
      Collection<Object> list = new ArrayList<>();
      array.forEach(item -> list.add(plain(item)));
      return list;
    }
    if (value instanceof JsonNumber number) {
      return number.isIntegral() ? (Object) number.longValue() : (Object) number.bigDecimalValue();
    }
    if (value instanceof JsonString string) {
      return string.getString();
    }
    return value == JsonValue.NULL ? null : (Object) (value == JsonValue.TRUE);
  }
}
