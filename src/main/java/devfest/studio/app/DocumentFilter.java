package devfest.studio.app;

import java.util.List;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.MediaType;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;

/**
 * Says in the OpenAPI document what {@link SuccessFilter} and {@link Failures} do to every reply.
 * Runs when the build makes the document.
 */
public class DocumentFilter implements OASFilter {

  private static final String JSON = "application/json";

  @Override
  public void filterOpenAPI(OpenAPI document) {
    document.getComponents().addSchema("Problem", problem());
    document.getPaths().getPathItems().values().stream()
        .flatMap(path -> path.getOperations().values().stream())
        .forEach(DocumentFilter::describe);
  }

  private static void describe(Operation operation) {
    operation
        .getResponses()
        .getAPIResponses()
        .forEach(
            (status, response) -> {
              if (status.startsWith("2")) {
                succeed(response);
              } else {
                response.setContent(
                    OASFactory.createContent()
                        .addMediaType(
                            ProblemDocument.TYPE,
                            OASFactory.createMediaType()
                                .schema(
                                    OASFactory.createSchema()
                                        .ref("#/components/schemas/Problem"))));
              }
            });
  }

  private static void succeed(APIResponse response) {
    MediaType json =
        response.getContent() == null ? null : response.getContent().getMediaType(JSON);
    if (json != null && json.getSchema() != null && json.getSchema().getRef() != null) {
      json.setSchema(
          OASFactory.createSchema()
              .type(Schema.SchemaType.OBJECT)
              .required(List.of("success", "data"))
              .addProperty("success", bool())
              .addProperty("data", json.getSchema()));
    }
  }

  private static Schema problem() {
    return OASFactory.createSchema()
        .type(Schema.SchemaType.OBJECT)
        .description("RFC 9457, and the members that older clients expect")
        .addProperty("type", text())
        .addProperty("title", text())
        .addProperty("status", OASFactory.createSchema().type(Schema.SchemaType.INTEGER))
        .addProperty("detail", text())
        .addProperty("instance", text())
        .addProperty("success", bool())
        .addProperty(
            "error",
            OASFactory.createSchema()
                .type(Schema.SchemaType.OBJECT)
                .addProperty("code", text())
                .addProperty("message", text()));
  }

  private static Schema text() {
    return OASFactory.createSchema().type(Schema.SchemaType.STRING);
  }

  private static Schema bool() {
    return OASFactory.createSchema().type(Schema.SchemaType.BOOLEAN);
  }
}
