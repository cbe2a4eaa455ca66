package devfest.studio.app.http;

import devfest.studio.artwork.ArtworkResource;
import devfest.studio.feeds.tasks.TaskSettings;
import devfest.studio.http.Problem;
import devfest.studio.photos.UploadSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The largest body of each call, with or without a Content-Length. Thread-safe. */
@ApplicationScoped
public class BodyLimit {

  /** Bytes for the other parts and the boundaries of a multipart body. */
  private static final long MULTIPART_EXTRA = 64 * 1024;

  /** Bytes of a JSON body: enough for 1,000 events of 1 KB. */
  private static final long MAX_JSON = 1024 * 1024;

  /** Bytes of a webhook delivery: GitHub's own limit. */
  private static final long MAX_DELIVERY = 25 * 1024 * 1024L;

  /** Bytes of a logo or a frame: a PNG file for a large screen. */
  private static final long MAX_ARTWORK = ArtworkResource.MAX_BYTES;

  private static final Set<String> ARTWORK = Set.of("/event/logo", "/event/frame");

  private static final String WEBHOOK = "/github/webhook";
  private static final String ARCHIVES = "/tasks/upload";

  private final UploadSettings uploads;
  private final TaskSettings tasks;

  @Inject
  BodyLimit(UploadSettings uploads, TaskSettings tasks) {
    this.uploads = uploads;
    this.tasks = tasks;
  }

  /**
   * Returns the largest body in bytes.
   *
   * @param path relative to the API, with a leading slash
   * @param contentType the value of the header; null if the request has none
   * @throws Problem 400 if the body cannot be split into its parts
   */
  public long of(String path, @Nullable String contentType) {
    String type = contentType == null ? "" : contentType.toLowerCase(Locale.ROOT);
    if (type.startsWith("multipart/")) {
      if (!type.contains("boundary=")) {
        throw Problem.badRequest(
            "The Content-Type of a multipart body must have the parameter 'boundary'.");
      }
      boolean archive = path.equals(ARCHIVES);
      return (archive ? tasks.maxBytes() : uploads.maxBytes()) + MULTIPART_EXTRA;
    }
    if (path.equals(WEBHOOK) || path.startsWith(WEBHOOK + '/')) {
      boolean form = type.startsWith("application/x-www-form-urlencoded");
      return form ? 3 * MAX_DELIVERY : MAX_DELIVERY; // a form encodes a byte as three at most
    }
    return ARTWORK.contains(path) ? MAX_ARTWORK : MAX_JSON;
  }
}
