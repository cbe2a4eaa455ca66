package devfest.studio.app.legacy;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.ext.Provider;
import java.util.Map;

/** Maps alternative names of calls to their canonical names. */
@Provider
@PreMatching
public class Aliases implements ContainerRequestFilter {

  private static final Map<String, String> CANONICAL =
      Map.of("upload", "photos", "transform", "transformations");

  @Override
  public void filter(ContainerRequestContext request) {
    String path = request.getUriInfo().getPath().replaceFirst("^/", "");
    String canonical = CANONICAL.get(path);
    if (canonical != null) {
      request.setRequestUri(
          request.getUriInfo().getBaseUri(),
          request.getUriInfo().getBaseUriBuilder().path(canonical).build());
    }
  }
}
