package devfest.studio.photos;

import devfest.studio.blobs.Spool;
import devfest.studio.events.Visibility;
import devfest.studio.http.Code;
import devfest.studio.http.Problem;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.commons.fileupload2.core.FileUploadException;
import org.apache.commons.fileupload2.core.FileUploadSizeException;
import org.apache.commons.fileupload2.core.MultipartInput;
import org.apache.commons.fileupload2.core.ParameterParser;
import org.jspecify.annotations.Nullable;

/**
 * A multipart upload: a file and an optional visibility. The body is read part by part, so a body
 * of many parts takes no more memory than one of two. Closing the form deletes the file. Not
 * thread-safe.
 */
public final class UploadForm implements Closeable {

  /** A form has two parts; pages and tools may add a few of their own. */
  static final int MAX_PARTS = 16;

  /** Bytes of the header of a part: a long file name in any encoding. */
  static final int MAX_HEADER_BYTES = 4 * 1024;

  /** Longer than any visibility name; the rest of a longer value is not read. */
  private static final int MAX_FIELD_BYTES = 64;

  private static final int BUFFER = 64 * 1024;
  private static final Set<String> FILE_NAMES = Set.of("file", "photo");

  private final Spool spool;
  private final long maxBytes;
  private @Nullable Received file;
  private String fileName = "";
  private @Nullable Visibility visibility;
  private int files;
  private int visibilities;

  private UploadForm(Spool spool, long maxBytes) {
    this.spool = spool;
    this.maxBytes = maxBytes;
  }

  /**
   * Reads the body of a request to the end of its last part.
   *
   * @param contentType the header of the request, with the boundary
   * @param maxBytes maximum size of the file
   * @throws Problem 400 if the body is malformed, has no file, or repeats a part; 413 if it has too
   *     many parts or a part with a long header
   * @throws PhotoRefused if the file is empty or too long
   * @throws IOException if reading fails or the file cannot be written
   */
  public static UploadForm read(
      InputStream body, @Nullable String contentType, Spool spool, long maxBytes)
      throws IOException {
    UploadForm form = new UploadForm(spool, maxBytes);
    try {
      form.parts(body, boundary(contentType));
      return form;
    } catch (IOException | RuntimeException e) {
      form.close();
      discard(body);
      throw problem(e);
    }
  }

  /** A client that is still sending does not read the response. The body has a limit. */
  private static void discard(InputStream body) {
    try {
      long ignored = body.transferTo(OutputStream.nullOutputStream());
    } catch (IOException | RuntimeException e) {
      // the cause of the refusal, or the client has left
    }
  }

  private static IOException problem(Exception e) throws IOException {
    if (e instanceof FileUploadSizeException) {
      throw new Problem(
          Code.TOO_LARGE,
          "The header of a part can have at most %d bytes.".formatted(MAX_HEADER_BYTES),
          e);
    }
    if (e instanceof FileUploadException) {
      throw Problem.badRequest("The multipart body is malformed.", e);
    }
    if (e instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    return (IOException) e;
  }

  private static byte[] boundary(@Nullable String contentType) {
    String boundary =
        contentType == null ? null : parameters(contentType, ';', ',').get("boundary");
    if (boundary == null || boundary.isEmpty()) {
      throw Problem.badRequest(
          "The Content-Type of a multipart body must have the parameter 'boundary'.");
    }
    return boundary.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static Map<String, String> parameters(String value, char... separators) {
    ParameterParser parser = new ParameterParser();
    parser.setLowerCaseNames(true);
    return parser.parse(value, separators);
  }

  private void parts(InputStream body, byte[] boundary) throws IOException {
    MultipartInput input =
        MultipartInput.builder()
            .setInputStream(body)
            .setBoundary(boundary)
            .setBufferSize(BUFFER)
            .setPartHeaderSizeMax(MAX_HEADER_BYTES)
            .get();
    input.setHeaderCharset(StandardCharsets.UTF_8);
    int parts = 0;
    for (boolean more = input.skipPreamble(); more; more = input.readBoundary()) {
      if (++parts > MAX_PARTS) {
        throw new Problem(
            Code.TOO_LARGE, "A multipart body can have at most %d parts.".formatted(MAX_PARTS));
      }
      Map<String, String> disposition = disposition(input.readHeaders());
      try (InputStream content = input.newInputStream()) {
        part(disposition, content);
      }
    }
    requireOne(files, "file' or 'photo");
    requireOne(visibilities, "visibility");
    if (file == null) {
      throw Problem.badRequest("The upload needs a part named 'file' or 'photo'.");
    }
  }

  /** Returns the parameters of the Content-Disposition in the header of a part. */
  private static Map<String, String> disposition(String header) {
    for (String line : header.replaceAll("\r?\n[ \t]+", " ").split("\r?\n", -1)) {
      int colon = line.indexOf(':');
      if (colon > 0
          && line.substring(0, colon)
              .strip()
              .toLowerCase(Locale.ROOT)
              .equals("content-disposition")) {
        return parameters(line.substring(colon + 1), ';');
      }
    }
    return Map.of();
  }

  private void part(Map<String, String> disposition, InputStream content) throws IOException {
    String name = disposition.get("name");
    if (name != null && FILE_NAMES.contains(name)) {
      if (++files > 1) {
        return;
      }
      file = Received.of(content, spool, maxBytes);
      String given = disposition.get("filename");
      fileName = given == null ? "" : given;
    } else if ("visibility".equals(name)) {
      if (++visibilities > 1) {
        return;
      }
      visibility = visibility(content);
    }
  }

  /** Rejects a repeated part, because the second one would be ignored silently. */
  private static void requireOne(int count, String names) {
    if (count > 1) {
      throw Problem.badRequest(
          "An upload must have one part named '%s'; this one has %d.".formatted(names, count));
    }
  }

  private static Visibility visibility(InputStream content) throws IOException {
    try {
      return Visibility.of(
          new String(content.readNBytes(MAX_FIELD_BYTES), StandardCharsets.UTF_8).strip());
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest(String.valueOf(e.getMessage()));
    }
  }

  /** Returns the file. */
  public Received file() {
    if (file == null) {
      throw new IllegalStateException("The form has been read to its end");
    }
    return file;
  }

  /** Returns the file name that the client gave; empty if there is none. */
  public String fileName() {
    return fileName;
  }

  /** Returns the visibility; private if the part is missing. */
  public Visibility visibility() {
    return visibility == null ? Visibility.PRIVATE : visibility;
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
