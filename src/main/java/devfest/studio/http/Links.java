package devfest.studio.http;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.servlet.ServletContext;

/**
 * Creates the absolute URLs that the studio returns. {@code studio.public-url} is the complete
 * prefix, including the context path as clients see it. If it is not set, the prefix is {@code
 * http://localhost:8080} and the context path. Thread-safe.
 */
@ApplicationScoped
public class Links {

  /** The path of the metadata of RFC 9728, below the context path. */
  public static final String METADATA = "/.well-known/oauth-protected-resource";

  private static final String DEFAULT_ORIGIN = "http://localhost:8080";

  private final LinkSettings settings;
  private volatile String contextPath = "";

  @Inject
  public Links(LinkSettings settings) {
    this.settings = settings;
  }

  /** Reads the context path; the payload of the event is a ServletContext in a web application. */
  void deployed(@Observes @Initialized(ApplicationScoped.class) Object context) {
    if (context instanceof ServletContext web) {
      contextPath = web.getContextPath();
    }
  }

  /** Returns the context path of the application on this server; empty at the root. */
  public String contextPath() {
    return contextPath;
  }

  /** Returns the prefix of every URL, without a trailing slash. */
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

  /** Returns the URL of a photo for screens. */
  public String mediumPhoto(String photoId) {
    return absolute("/uploads/photos/medium/" + photoId + ".jpg");
  }

  /** Returns the URL of a result for screens and previews. */
  public String mediumResult(String transformationId) {
    return absolute("/uploads/transformations/medium/" + transformationId + ".jpg");
  }

  /** Returns the URL of a logo or a frame. */
  public String artwork(String id) {
    return absolute("/uploads/event/" + id + ".png");
  }

  /** Returns the URL of the page that shows a result to whoever has the link. */
  public String share(String transformationId) {
    return absolute("/p/" + transformationId);
  }

  /** Returns the URL of the studio's main page. */
  public String dashboard() {
    return absolute("/dashboard");
  }

  /** Returns the URL of the page on which whoever has a pass can join. */
  public String join(String secret) {
    return absolute("/join#pass=" + secret);
  }

  /** Returns the URL of a call of the HTTP API, for example {@code /photos}. */
  public String api(String path) {
    return absolute("/api/v1" + path);
  }

  /** Returns the URL of the metadata of RFC 9728. */
  public String metadata() {
    return absolute(METADATA);
  }

  /** Returns the URL of the studio itself, without a trailing slash. */
  public String studio() {
    return absolute("");
  }

  private String absolute(String path) {
    return base() + path;
  }
}
