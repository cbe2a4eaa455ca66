package devfest.studio.app.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import devfest.studio.base.Sha256;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file or a page that is the same for all users, in memory. Text is also kept compressed, and
 * sent so to clients that accept gzip. That gives nothing away (BREACH), because no text contains
 * secrets or input. Immutable.
 */
final class StaticContent {

  private static final Pattern TEXT =
      Pattern.compile("text/.*|application/(?:javascript|manifest\\+json)|image/svg\\+xml");

  private static final int DIGITS = 16;

  private final String type;
  private final byte[] plain;
  private final byte @Nullable [] compressed;
  private final String tag;

  /**
   * @param type the media type, without parameters
   * @param plain is kept; of a text, in UTF-8
   */
  StaticContent(String type, byte[] plain) {
    boolean text = TEXT.matcher(type).matches();
    this.type = text ? type + ";charset=UTF-8" : type;
    this.plain = plain;
    compressed = text ? compress(plain) : null;
    MessageDigest digest = Sha256.begin();
    digest.update(plain);
    tag = Sha256.hex(digest).substring(0, DIGITS);
  }

  static StaticContent ofText(String type, String text) {
    return new StaticContent(type, text.getBytes(UTF_8));
  }

  /** Returns a digest of the content. */
  String tag() {
    return tag;
  }

  /** Returns the content; of a text, in UTF-8. */
  String text() {
    return new String(plain, UTF_8);
  }

  /**
   * Sends the content, or 304 if the client has it.
   *
   * @param caching the value of {@code Cache-Control}
   */
  void send(HttpServletRequest request, HttpServletResponse response, String caching)
      throws IOException {
    byte[] body = plain;
    String shown = '"' + tag + '"'; // a tag names the bytes, so each coding has its own
    if (compressed != null) {
      response.addHeader("Vary", "Accept-Encoding");
      if (acceptsGzip(values(request, "Accept-Encoding"))) {
        body = compressed;
        shown = '"' + tag + "-gzip\"";
      }
    }
    response.setHeader("Cache-Control", caching);
    response.setHeader("ETag", shown);
    if (names(values(request, "If-None-Match"), shown)) {
      response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
      return;
    }
    if (body != plain) {
      response.setHeader("Content-Encoding", "gzip");
    }
    response.setContentType(type);
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  private static List<String> values(HttpServletRequest request, String header) {
    return Collections.list(request.getHeaders(header)).stream()
        .flatMap(value -> Stream.of(value.split(",")))
        .map(String::strip)
        .toList();
  }

  /** Whether one of the tags is the given one, by the weak comparison (RFC 9110 § 8.8.3.2). */
  static boolean names(List<String> tags, String tag) {
    return tags.stream()
        .anyMatch(one -> one.equals("*") || one.replaceFirst("^W/", "").equals(tag));
  }

  /**
   * Whether the codings of {@code Accept-Encoding} include gzip (RFC 9110 § 12.5.3). The name
   * counts more than {@code *}.
   */
  static boolean acceptsGzip(List<String> codings) {
    return Stream.of("gzip", "x-gzip", "*")
        .flatMap(name -> codings.stream().filter(coding -> isNamed(coding, name)))
        .findFirst()
        .filter(coding -> !coding.matches("(?i).*;\\s*q\\s*=\\s*0(?:\\.0*)?\\s*"))
        .isPresent();
  }

  private static boolean isNamed(String coding, String name) {
    return coding.replaceFirst(";.*", "").strip().equalsIgnoreCase(name);
  }

  /** Returns null if compression saves nothing. */
  private static byte @Nullable [] compress(byte[] plain) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new Smallest(bytes)) {
      out.write(plain);
    } catch (IOException e) {
      throw new IllegalStateException("Memory does not fail", e);
    }
    return bytes.size() < plain.length ? bytes.toByteArray() : null;
  }

  /** Compresses as much as possible, because it does so once. */
  private static final class Smallest extends GZIPOutputStream {

    Smallest(ByteArrayOutputStream out) throws IOException {
      super(out);
      def.setLevel(java.util.zip.Deflater.BEST_COMPRESSION);
    }
  }
}
