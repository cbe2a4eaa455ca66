package devfest.studio.photos;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Serves image files. Their ids can't be guessed, and having the link is the permission.
 * Conditional requests and single ranges follow RFC 9110 § 13 and § 14.
 */
@WebServlet(urlPatterns = "/uploads/*", asyncSupported = true)
public class UploadsServlet extends HttpServlet {

  private static final Pattern NAME =
      Pattern.compile("/((?:photos|transformations)(?:/thumbnails)?)/([0-9a-f-]{36})\\.jpg");

  private static final Logger LOG = System.getLogger(UploadsServlet.class.getName());

  @Inject private transient Storage storage;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Optional<Path> file = file(request.getPathInfo());
    if (file.isEmpty()) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
      return;
    }
    try (FileChannel channel = FileChannel.open(file.get(), StandardOpenOption.READ)) {
      serve(channel, etag(file.get(), channel.size()), request, response);
    } catch (NoSuchFileException e) {
      response.sendError(HttpServletResponse.SC_NOT_FOUND);
    }
  }

  private Optional<Path> file(String path) {
    Matcher name = NAME.matcher(path == null ? "" : path);
    if (!name.matches()) {
      return Optional.empty();
    }
    String id = name.group(2);
    return Optional.of(
        switch (name.group(1)) {
          case "photos" -> storage.photo(id);
          case "photos/thumbnails" -> storage.thumbnail(id);
          case "transformations" -> storage.result(id);
          default -> storage.resultThumbnail(id);
        });
  }

  /** An image is never changed, but a retry may write a result anew. */
  private static String etag(Path file, long size) throws IOException {
    return "\"" + Files.getLastModifiedTime(file).toMillis() + "-" + size + "\"";
  }

  private static void serve(
      FileChannel channel, String etag, HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    long size = channel.size();
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
        copy(channel, range, response.getOutputStream());
      } catch (ClientLeftException e) {
        LOG.log(Level.DEBUG, "A client left before it had the whole picture");
      }
    }
  }

  @Override
  protected void doHead(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    doGet(request, response);
  }

  private static boolean names(String header, String etag) {
    return header != null
        && Arrays.stream(header.split(","))
            .map(tag -> tag.strip().replaceFirst("^W/", ""))
            .anyMatch(tag -> tag.equals(etag) || tag.equals("*"));
  }

  private static String rangeOf(HttpServletRequest request, String etag) {
    String condition = request.getHeader("If-Range");
    return condition == null || condition.equals(etag) ? request.getHeader("Range") : null;
  }

  private static void copy(FileChannel channel, ByteRange range, OutputStream out)
      throws IOException, ClientLeftException {
    WritableByteChannel target = Channels.newChannel(out);
    ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
    long position = range.first();
    while (position <= range.last()) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), range.last() + 1 - position));
      int n = channel.read(buffer, position);
      if (n < 0) {
        throw new IOException("the file became shorter while it was served");
      }
      position += n;
      try {
        target.write(buffer.flip());
      } catch (IOException e) {
        throw new ClientLeftException(e);
      }
    }
  }

  /** Writing failed, as distinct from reading the file. */
  private static final class ClientLeftException extends Exception {
    ClientLeftException(IOException cause) {
      super(cause);
    }
  }
}
