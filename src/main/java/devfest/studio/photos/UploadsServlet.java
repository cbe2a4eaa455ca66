package devfest.studio.photos;

import devfest.studio.blobs.Blob;
import devfest.studio.blobs.BlobStore;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Serves image files. Access needs no token: the ids cannot be guessed, so the link is the
 * permission. Conditional requests and single ranges follow RFC 9110 § 13 and § 14.
 */
@WebServlet(urlPatterns = "/uploads/*", asyncSupported = true)
public class UploadsServlet extends HttpServlet {

  private static final Pattern NAME =
      Pattern.compile("/((?:photos|transformations)(?:/thumbnails)?/[0-9a-f-]{36}\\.jpg)");

  private static final Logger LOG = System.getLogger(UploadsServlet.class.getName());

  @Inject private transient BlobStore store;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String path = request.getPathInfo();
    Matcher name = NAME.matcher(path == null ? "" : path);
    if (!name.matches()) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
      return;
    }
    try (Blob blob = store.open(name.group(1))) {
      serve(blob, request, response);
    } catch (NoSuchFileException e) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
    }
  }

  private static void serve(Blob blob, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    long size = blob.size();
    String etag = '"' + blob.tag() + '"'; // a retried transformation can overwrite its result
    response.setHeader("ETag", etag);
    response.setHeader("Cache-Control", "private, max-age=86400");
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Content-Security-Policy", "default-src 'none'; sandbox");
    response.setHeader("Accept-Ranges", "bytes");
    if (names(request.getHeader("If-None-Match"), etag)) {
      response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
      return;
    }
    response.setContentType("image/jpeg");
    ByteRange range = ByteRange.of(rangeOf(request, etag), size);
    if (!range.satisfiable()) {
      response.setHeader("Content-Range", "bytes */" + size);
      response.sendError(HttpServletResponse.SC_REQUESTED_RANGE_NOT_SATISFIABLE);
      return;
    }
    if (range.partial()) {
      response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
      response.setHeader(
          "Content-Range", "bytes " + range.first() + "-" + range.last() + "/" + size);
    }
    response.setContentLengthLong(range.length());
    if (!request.getMethod().equals("HEAD")) {
      try {
        copy(blob, range, response.getOutputStream());
      } catch (ClientLeftException e) {
        LOG.log(Level.DEBUG, "The client disconnected before the image was complete");
      }
    }
  }

  @Override
  protected void doHead(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    doGet(request, response);
  }

  private static boolean names(@Nullable String header, String etag) {
    return header != null
        && Arrays.stream(header.split(","))
            .map(tag -> tag.strip().replaceFirst("^W/", ""))
            .anyMatch(tag -> tag.equals(etag) || tag.equals("*"));
  }

  private static @Nullable String rangeOf(HttpServletRequest request, String etag) {
    String condition = request.getHeader("If-Range");
    return condition == null || condition.equals(etag) ? request.getHeader("Range") : null;
  }

  private static void copy(Blob blob, ByteRange range, OutputStream out)
      throws IOException, ClientLeftException {
    byte[] buffer = new byte[64 * 1024]; // few writes per image, little memory per request
    try (InputStream in = blob.read(range.first(), range.length())) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        try {
          out.write(buffer, 0, n);
        } catch (IOException e) {
          throw new ClientLeftException(e);
        }
      }
    }
  }

  /** Writing to the client failed; distinguishes this from a failure to read the blob. */
  private static final class ClientLeftException extends Exception {
    ClientLeftException(IOException cause) {
      super(cause);
    }
  }
}
