package devfest.studio.app.docs;

import devfest.studio.http.Links;
import devfest.studio.security.Public;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirements;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * The OpenAPI document, which the build generates from the annotations, the AsyncAPI document, and
 * a page for each.
 */
@RequestScoped
@Path("/")
@Tag(name = "Documents")
public class DocsResource {

  private static final JsonProvider JSON = JsonProvider.provider();

  @Inject private Links links;
  @Context private HttpServletRequest request;

  @GET
  @Path("/docs.json")
  @Public
  @Produces(MediaType.APPLICATION_JSON)
  @SecurityRequirements
  @Operation(summary = "The OpenAPI document")
  @APIResponse(
      responseCode = "200",
      description = "OpenAPI 3.0",
      content =
          @Content(schema = @Schema(type = SchemaType.OBJECT), example = "{\"openapi\":\"3.0.3\"}"))
  public String openApi() throws IOException {
    JsonArrayBuilder servers = JSON.createArrayBuilder();
    servers.add(
        JSON.createObjectBuilder()
            .add("url", request.getContextPath().isEmpty() ? "/" : request.getContextPath())
            .add("description", "The server that returned this document"));
    servers.add(
        JSON.createObjectBuilder().add("url", links.studio()).add("description", "The public URL"));
    return with("META-INF/openapi.json", "servers", servers.build());
  }

  @GET
  @Path("/docs/events.json")
  @Public
  @Produces(MediaType.APPLICATION_JSON)
  @SecurityRequirements
  @Operation(summary = "The AsyncAPI document of every event")
  @APIResponse(
      responseCode = "200",
      description = "AsyncAPI 3.0",
      content =
          @Content(
              schema = @Schema(type = SchemaType.OBJECT),
              example = "{\"asyncapi\":\"3.0.0\"}"))
  public String asyncApi() throws IOException {
    URI studio = URI.create(links.studio());
    String path = studio.getPath() == null ? "" : studio.getPath();
    JsonObjectBuilder server =
        JSON.createObjectBuilder()
            .add("host", studio.getAuthority())
            .add("protocol", studio.getScheme())
            .add("pathname", path.isEmpty() ? "/" : path);
    return with(
        "devfest/studio/app/docs/asyncapi.json",
        "servers",
        JSON.createObjectBuilder().add("studio", server).build());
  }

  @GET
  @Path("/docs/events")
  @Public
  @Produces(MediaType.TEXT_HTML)
  @SecurityRequirements
  @Operation(summary = "The AsyncAPI document as a page")
  @APIResponse(
      responseCode = "200",
      description = "The HTML page",
      content = @Content(schema = @Schema(type = SchemaType.STRING), example = "<!doctype html>"))
  public String eventsPage() throws IOException {
    return resource("devfest/studio/app/docs/events.html");
  }

  @GET
  @Path("/docs")
  @Public
  @Produces(MediaType.TEXT_HTML)
  @SecurityRequirements
  @Operation(summary = "The OpenAPI document as a page")
  @APIResponse(
      responseCode = "200",
      description = "The HTML page",
      content = @Content(schema = @Schema(type = SchemaType.STRING), example = "<!doctype html>"))
  public String page() throws IOException {
    return resource("devfest/studio/app/docs/docs.html");
  }

  /** Returns the document with an additional member, whose value is known only at run time. */
  private static String with(String name, String member, JsonValue value) throws IOException {
    try (JsonReader reader = JSON.createReader(new StringReader(resource(name)))) {
      return JSON.createObjectBuilder(reader.readObject()).add(member, value).build().toString();
    }
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = DocsResource.class.getClassLoader().getResourceAsStream(name)) {
      if (in == null) {
        throw new NotFoundException();
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
