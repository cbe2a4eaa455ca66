package devfest.studio.http;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The absolute URLs that are handed out. */
@ApplicationScoped
public class Links {

  @Inject
  @ConfigProperty(name = "studio.public-url", defaultValue = "http://localhost:8080")
  private String publicUrl;

  public String photo(String photoId) {
    return absolute("/uploads/photos/" + photoId + ".jpg");
  }

  public String thumbnail(String photoId) {
    return absolute("/uploads/photos/thumbnails/" + photoId + ".jpg");
  }

  public String result(String transformationId) {
    return absolute("/uploads/transformations/" + transformationId + ".jpg");
  }

  /** A call of the HTTP interface, for example {@code /photos}. */
  public String api(String path) {
    return absolute("/api/v1" + path);
  }

  /** The studio itself, without a slash at the end. */
  public String studio() {
    return absolute("");
  }

  private String absolute(String path) {
    return publicUrl.replaceFirst("/+$", "") + path;
  }
}
