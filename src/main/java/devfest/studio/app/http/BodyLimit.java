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

/** Bounds what a request's body may hold, whether it says its length or not. */
@Provider
@PreMatching
public class BodyLimit implements ContainerRequestFilter {

  /** Room for the other parts and the boundaries of a multipart body. */
  private static final long MULTIPART_EXTRA = 64 * 1024;

  private static final Set<String> BODILESS = Set.of("GET", "HEAD", "OPTIONS", "DELETE");

  /** A thousand events of 1 KB fit. */
  private static final long JSON = 1024 * 1024;

  /** What GitHub delivers at most. */
  private static final long DELIVERY = 25 * 1024 * 1024L;

  private static final String WEBHOOK = "github/webhook";
  private static final String ARCHIVES = "tasks/upload";

  /** As much as the largest upload has by default: then a client reads the refusal. */
  private static final long DROPPED = 200L * 1024 * 1024;

  @Inject private UploadSettings uploads;
  @Inject private TaskSettings tasks;

  @Override
  public void filter(ContainerRequestContext request) throws IOException {
    // Nobody reads a body of these, and to look for one may wait: a server takes whatever follows a
    // request for an upgrade for its body.
    if (BODILESS.contains(request.getMethod()) || !request.hasEntity()) {
      typeOfNone(request);
      return;
    }
    String type = request.getHeaderString("Content-Type");
    type = type == null ? null : type.toLowerCase(Locale.ROOT);
    long limit = JSON;
    if (type != null && type.startsWith("multipart/")) {
      if (!type.contains("boundary=")) {
        throw Problem.badRequest(
            "A multipart body needs the parameter 'boundary' in Content-Type.");
      }
      boolean archive = plain(request).equals(ARCHIVES);
      limit = (archive ? tasks.maxBytes() : uploads.maxBytes()) + MULTIPART_EXTRA;
    } else if (isWebhook(plain(request))) {
      boolean form = type != null && type.startsWith("application/x-www-form-urlencoded");
      limit = form ? 3 * DELIVERY : DELIVERY; // encoding a byte takes up to three
    }
    Limited body = new Limited(request.getEntityStream(), limit);
    if (request.getLength() > limit) {
      body.refuse();
    }
    request.setEntityStream(body);
  }

  /** RESTEasy takes a request without a body and a type for one of bytes, and refuses it. */
  private static void typeOfNone(ContainerRequestContext request) {
    if (request.getMediaType() == null && request.getLength() <= 0) {
      request.getHeaders().putSingle("Content-Type", MediaType.APPLICATION_JSON);
    }
  }

  private static String plain(ContainerRequestContext request) {
    return request.getUriInfo().getPath().replaceFirst("^/", "");
  }

  private static boolean isWebhook(String path) {
    return path.equals(WEBHOOK) || path.startsWith(WEBHOOK + '/');
  }

  private static Problem tooLarge(long limit) {
    return new Problem(Code.TOO_LARGE, "The body is larger than " + limit / (1024 * 1024) + " MB");
  }

  private static final class Limited extends FilterInputStream {

    private final long limit;
    private long left;

    Limited(InputStream in, long limit) {
      super(in);
      this.limit = limit;
      this.left = limit;
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
        throw Problem.badRequest("The body ended too soon", e);
      }
      count(n);
      return n;
    }

    private void count(long n) throws IOException {
      left -= Math.max(0, n);
      if (left < 0) {
        refuse();
      }
    }

    /**
     * A client that is still sending does not read the answer, so what it sends is taken in and
     * dropped for a while.
     */
    void refuse() throws IOException {
      byte[] dropped = new byte[64 * 1024];
      long total = 0;
      for (int n = in.read(dropped); n >= 0 && total < DROPPED; n = in.read(dropped)) {
        total += n;
      }
      throw tooLarge(limit);
    }
  }
}
