package devfest.studio.photos;

import devfest.studio.base.UnavailableException;
import devfest.studio.blobs.Blob;
import devfest.studio.blobs.BlobStore;
import devfest.studio.http.Downloads;
import devfest.studio.http.Outage;
import devfest.studio.http.Problem;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Serves image files. Access needs no token: the ids cannot be guessed, so the link is the
 * permission. Conditional requests and single ranges follow RFC 9110 § 13 and § 14.
 */
@WebServlet(urlPatterns = "/uploads/*", asyncSupported = true)
public class UploadsServlet extends HttpServlet {

  private static final Pattern PICTURE =
      Pattern.compile(
          "/((photos|transformations)/(?:(medium|small|thumbnails)/)?([0-9a-f-]{36})\\.jpg)");

  private static final Pattern ARTWORK = Pattern.compile("/(event/[0-9a-f-]{36}\\.png)");

  @Inject private transient BlobStore store;
  @Inject private transient Downloads downloads;
  @Inject private transient HiddenFiles hidden;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String path = request.getPathInfo() == null ? "" : request.getPathInfo();
    Matcher picture = PICTURE.matcher(path);
    Matcher artwork = ARTWORK.matcher(path);
    if (!picture.matches() && !artwork.matches()) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
      return;
    }
    try {
      if (artwork.matches()) {
        serve(store.open(artwork.group(1)), "image/png", request, response);
      } else if (hidden.contains(picture.group(4))) {
        response.sendError(HttpServletResponse.SC_NOT_FOUND);
      } else {
        serve(open(picture), "image/jpeg", request, response);
      }
    } catch (NoSuchFileException e) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
    } catch (UnavailableException e) {
      if (response.isCommitted()) {
        throw e; // ends the connection, so that the client notices
      }
      // Not thrown, because the server would log the stack trace of each request in an outage.
      Outage outage = Outage.STORE;
      request.setAttribute(
          Problem.class.getName(), Problem.tryLater(outage.code(), outage.message(), Outage.PAUSE));
      response.sendError(outage.code().status());
    }
  }

  /**
   * Opens the named file. A photo has no small copy, since its thumbnail is small. A picture
   * without a medium copy is not larger than that, or an earlier version stored it. So the
   * thumbnail replaces the small copy, and the full file the medium one. A copy without what
   * replaces it does not count: an earlier version that runs beside this one deletes only the files
   * that it knows.
   */
  private Blob open(Matcher name) throws IOException {
    String folder = name.group(2) + '/';
    String file = name.group(4) + ".jpg";
    if ("medium".equals(name.group(3))) {
      return open(name.group(1), folder + file);
    } else if ("small".equals(name.group(3))) {
      return open(name.group(1), folder + "thumbnails/" + file);
    }
    return store.open(name.group(1));
  }

  private Blob open(String copy, String larger) throws IOException {
    Blob replacement = store.open(larger);
    try {
      Blob opened = store.open(copy);
      replacement.close();
      return opened;
    } catch (NoSuchFileException e) {
      return replacement;
    } catch (IOException | RuntimeException e) {
      replacement.close();
      throw e;
    }
  }

  private void serve(
      Blob blob, String type, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    boolean sent = false;
    try {
      Optional<ByteRange> range = range(blob, type, request, response);
      if (range.isPresent()) {
        // Opened before the reply is described, because a remote store may fail.
        InputStream in = blob.read(range.get().first(), range.get().length());
        describe(range.get(), blob.size(), type, response);
        sent = true; // closes the blob, too
        downloads.send(request, response, range.get().length(), in, blob);
      }
    } finally {
      if (!sent) {
        blob.close();
      }
    }
  }

  /** Sets the headers. Empty if the response has no body. */
  private static Optional<ByteRange> range(
      Blob blob, String type, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    long size = blob.size();
    String etag = '"' + blob.tag() + '"'; // a retried transformation can overwrite its result
    response.setHeader("ETag", etag);
    // Browsers revalidate each use, so a deleted image disappears from them, too.
    response.setHeader("Cache-Control", "private, no-cache");
    response.setHeader("X-Content-Type-Options", "nosniff");
    response.setHeader("Content-Security-Policy", "default-src 'none'; sandbox");
    response.setHeader("Accept-Ranges", "bytes");
    if (matches(request.getHeader("If-None-Match"), etag)) {
      response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
      return Optional.empty();
    }
    ByteRange range = ByteRange.of(rangeOf(request, etag), size);
    if (!range.satisfiable()) {
      response.setHeader("Content-Range", "bytes */" + size);
      response.sendError(HttpServletResponse.SC_REQUESTED_RANGE_NOT_SATISFIABLE);
      return Optional.empty();
    }
    if (request.getMethod().equals("HEAD")) {
      describe(range, size, type, response);
      return Optional.empty();
    }
    return Optional.of(range);
  }

  private static void describe(
      ByteRange range, long size, String type, HttpServletResponse response) {
    response.setContentType(type);
    if (range.partial()) {
      response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
      response.setHeader(
          "Content-Range", "bytes " + range.first() + "-" + range.last() + "/" + size);
    }
    response.setContentLengthLong(range.length());
  }

  @Override
  protected void doHead(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    doGet(request, response);
  }

  private static boolean matches(@Nullable String header, String etag) {
    return header != null
        && Arrays.stream(header.split(","))
            .map(tag -> tag.strip().replaceFirst("^W/", ""))
            .anyMatch(tag -> tag.equals(etag) || tag.equals("*"));
  }

  private static @Nullable String rangeOf(HttpServletRequest request, String etag) {
    String condition = request.getHeader("If-Range");
    return condition == null || condition.equals(etag) ? request.getHeader("Range") : null;
  }
}
