package devfest.studio.http;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.servlet.ServletContext;

/**
 * The absolute URLs that are handed out. {@code studio.public-url} is the whole prefix, with the
 * context path as clients see it; unset, it is this machine's port 8080 and the context path.
 */
@ApplicationScoped
public class Links {

  private static final String DEFAULT_ORIGIN = "http://localhost:8080";

  @Inject private LinkSettings settings;

  private volatile String contextPath = "";

  /** CDI gives a web application's context where there is one. */
  void deployed(@Observes @Initialized(ApplicationScoped.class) Object context) {
    if (context instanceof ServletContext web) {
      contextPath = web.getContextPath();
    }
  }

  /** Where the application lies on this server; empty at the root. */
  public String contextPath() {
    return contextPath;
  }

  /** The prefix of every URL, without a slash at its end. */
  public String base() {
    return settings
        .publicUrl()
        .orElseGet(() -> DEFAULT_ORIGIN + contextPath)
        .replaceFirst("/+$", "");
  }

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
    return base() + path;
  }
}
