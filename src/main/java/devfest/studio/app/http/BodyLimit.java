package devfest.studio.app.http;

import devfest.studio.feeds.tasks.TaskSettings;
import devfest.studio.http.Code;
import devfest.studio.http.Problem;
import devfest.studio.photos.UploadSettings;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Set;

/** Limits the size of request bodies, with or without a Content-Length. */
@Provider
@PreMatching
public class BodyLimit implements ContainerRequestFilter {

  /** Bytes for the other parts and the boundaries of a multipart body. */
  private static final long MULTIPART_EXTRA = 64 * 1024;

  private static final Set<String> BODILESS = Set.of("GET", "HEAD", "OPTIONS", "DELETE");

  /** Bytes of a JSON body: enough for 1,000 events of 1 KB. */
  private static final long MAX_JSON = 1024 * 1024;

  /** Bytes of a webhook delivery: GitHub's own limit. */
  private static final long MAX_DELIVERY = 25 * 1024 * 1024L;

  private static final String WEBHOOK = "github/webhook";
  private static final String ARCHIVES = "tasks/upload";

  /**
   * Excess bytes that are discarded so that the client reads the reply: the largest default upload.
   */
  private static final long MAX_DISCARDED = 200L * 1024 * 1024;

  @Inject private UploadSettings uploads;
  @Inject private TaskSettings tasks;

  @Override
  public void filter(ContainerRequestContext request) throws IOException {
    // These bodies are never read, and checking for one may block: after an upgrade request, a
    // server treats all further bytes as the body.
    if (BODILESS.contains(request.getMethod()) || !request.hasEntity()) {
      setTypeOfEmptyBody(request);
      return;
    }
    String type = request.getHeaderString("Content-Type");
    type = type == null ? null : type.toLowerCase(Locale.ROOT);
    long limit = MAX_JSON;
    if (type != null && type.startsWith("multipart/")) {
      if (!type.contains("boundary=")) {
        throw Problem.badRequest(
            "The Content-Type of a multipart body must have the parameter 'boundary'.");
      }
      boolean archive = relativePath(request).equals(ARCHIVES);
      limit = (archive ? tasks.maxBytes() : uploads.maxBytes()) + MULTIPART_EXTRA;
    } else if (isWebhook(relativePath(request))) {
      boolean form = type != null && type.startsWith("application/x-www-form-urlencoded");
      limit = form ? 3 * MAX_DELIVERY : MAX_DELIVERY; // form encoding triples a byte at most
    }
    Limited body = new Limited(request.getEntityStream(), limit);
    if (request.getLength() > limit) {
      body.refuse();
    }
    request.setEntityStream(body);
  }

  /** RESTEasy treats a request without a body and a type as a binary body, and rejects it. */
  private static void setTypeOfEmptyBody(ContainerRequestContext request) {
    if (request.getMediaType() == null && request.getLength() <= 0) {
      request.getHeaders().putSingle("Content-Type", MediaType.APPLICATION_JSON);
    }
  }

  private static String relativePath(ContainerRequestContext request) {
    return request.getUriInfo().getPath().replaceFirst("^/", "");
  }

  private static boolean isWebhook(String path) {
    return path.equals(WEBHOOK) || path.startsWith(WEBHOOK + '/');
  }

  private static Problem tooLarge(long limit) {
    return new Problem(
        Code.TOO_LARGE, "The body is larger than the allowed " + limit / (1024 * 1024) + " MB.");
  }

  private static final class Limited extends FilterInputStream {

    private final long limit;
    private long remaining;

    Limited(InputStream in, long limit) {
      super(in);
      this.limit = limit;
      this.remaining = limit;
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      count(b < 0 ? 0 : 1);
      return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n;
      try {
        n = super.read(bytes, offset, length);
      } catch (IOException e) {
        throw Problem.badRequest("The body ends before its declared length.", e);
      }
      count(n);
      return n;
    }

    private void count(long n) throws IOException {
      remaining -= Math.max(0, n);
      if (remaining < 0) {
        refuse();
      }
    }

    /**
     * A client that is still sending does not read the reply, so up to {@link #MAX_DISCARDED} bytes
     * are read and discarded first.
     */
    void refuse() throws IOException {
      byte[] discarded = new byte[64 * 1024];
      long total = 0;
      for (int n = in.read(discarded); n >= 0 && total < MAX_DISCARDED; n = in.read(discarded)) {
        total += n;
      }
      throw tooLarge(limit);
    }
  }
}
