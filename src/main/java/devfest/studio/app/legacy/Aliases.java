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

  static final Map<String, String> CANONICAL =
      Map.of("upload", "photos", "transform", "transformations");

  @Override
  public void filter(ContainerRequestContext request) {
    String path = request.getUriInfo().getPath().replaceFirst("^/", "");
    String canonical = canonical(path);
    if (!canonical.equals(path)) {
      request.setRequestUri(
          request.getUriInfo().getBaseUri(),
          request.getUriInfo().getBaseUriBuilder().path(canonical).build());
    }
  }

  /**
   * Returns the canonical name of a call, or the path itself if it is no alias.
   *
   * @param path relative to the API, without a leading slash
   */
  public static String canonical(String path) {
    return CANONICAL.getOrDefault(path, path);
  }
}
