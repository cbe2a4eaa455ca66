package devfest.studio.app.http;

import devfest.studio.http.LiteralPath;
import devfest.studio.http.Success;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonStructure;
import jakarta.json.bind.Jsonb;
import jakarta.json.spi.JsonProvider;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;

/**
 * Wraps what a resource returns in {@code {"success": true, "data": …}}. At literal paths, the
 * members of {@code data} are repeated at the top level. Strings and JSON-P structures are complete
 * documents and are not changed.
 */
@Provider
public class SuccessFilter implements ContainerResponseFilter {

  private static final JsonProvider JSON = JsonProvider.provider();

  @Inject private Jsonb json;
  @Context private HttpServletRequest servletRequest;

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    Object entity = response.getEntity();
    MediaType type = response.getMediaType();
    if (entity != null
        && response.getStatus() < 400
        && type != null
        && type.isCompatible(MediaType.APPLICATION_JSON_TYPE)
        && !(entity instanceof String || entity instanceof JsonStructure)) {
      Success success = Success.of(entity);
      response.setEntity(
          LiteralPath.isAny(servletRequest) ? flat(success) : success,
          response.getEntityAnnotations(),
          type);
    }
  }

  private JsonObject flat(Success success) {
    JsonObject nested = json.fromJson(json.toJson(success), JsonObject.class);
    JsonObjectBuilder flat = JSON.createObjectBuilder();
    if (nested.get("data") instanceof JsonObject data) {
      data.forEach(flat::add);
    }
    nested.forEach(flat::add); // last, because success and data take precedence
    return flat.build();
  }
}
