package devfest.studio.app;

import jakarta.json.JsonStructure;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;

/**
 * Puts what a resource returns into {@code {"success": true, "data": …}}. What is already JSON
 * (text or a JSON-P structure) has its own shape and stays as it is.
 */
@Provider
public class SuccessFilter implements ContainerResponseFilter {

  /** The envelope of every reply that succeeded. */
  public record Success(boolean success, Object data) {}

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    Object entity = response.getEntity();
    MediaType type = response.getMediaType();
    if (entity != null
        && response.getStatus() < 400
        && type != null
        && type.isCompatible(MediaType.APPLICATION_JSON_TYPE)
        && !(entity instanceof String || entity instanceof JsonStructure)) {
      response.setEntity(new Success(true, entity), response.getEntityAnnotations(), type);
    }
  }
}
