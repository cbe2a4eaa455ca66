package devfest.studio.app;

import devfest.studio.security.Public;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * The documents: OpenAPI, which the build makes from the annotations, AsyncAPI, and a page to read
 * the first.
 */
@RequestScoped
@Path("/")
@Tag(name = "Documents")
public class DocsResource {

  @GET
  @Path("/docs.json")
  @Public
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(summary = "The OpenAPI document")
  public String openApi() throws IOException {
    return resource("META-INF/openapi.json");
  }

  @GET
  @Path("/docs/events.json")
  @Public
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(summary = "The AsyncAPI document of every event")
  public String asyncApi() throws IOException {
    return resource("devfest/studio/app/asyncapi.json");
  }

  @GET
  @Path("/docs")
  @Public
  @Produces(MediaType.TEXT_HTML)
  @Operation(summary = "The OpenAPI document as a page")
  public String page() throws IOException {
    return resource("devfest/studio/app/docs.html");
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
