package devfest.studio.outgoing;

import java.net.URI;
import java.util.Map;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/** A request. Immutable, if the caller does not change the body. */
public final class Request {

  /** The characters of a token (RFC 9110 § 5.6.2). */
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private final okhttp3.Request http;

  /**
   * @param method such as {@code GET}
   * @param uri an absolute URL of HTTP or HTTPS; user information and the fragment are not sent
   * @param headers in ASCII, without those that the client sets itself: Host, Connection,
   *     Content-Length
   * @param body empty for none
   * @throws IllegalArgumentException if the URL is not one of HTTP, a header contains a line break,
   *     or the method does not permit a body
   */
  public Request(String method, URI uri, Map<String, String> headers, byte[] body) {
    if (uri.getHost() == null) {
      throw new IllegalArgumentException("The URL must begin with http:// or https:// and a host");
    }
    if (!isToken(method) || !headers.keySet().stream().allMatch(Request::isToken)) {
      throw new IllegalArgumentException("The method or a header cannot be sent");
    }
    boolean bodiless = body.length == 0 && (method.equals("GET") || method.equals("HEAD"));
    @Nullable RequestBody content = bodiless ? null : RequestBody.create(body);
    okhttp3.Request.Builder builder =
        new okhttp3.Request.Builder()
            .url(HttpUrl.get(uri.toASCIIString()))
            .method(method, content)
            .header("User-Agent", "devfest-studio")
            .header("Accept-Encoding", "identity"); // the maximum size is that of the content
    headers.forEach(builder::header);
    this.http = builder.header("Connection", "close").build();
  }

  /** A GET without a body. */
  public static Request get(URI uri, Map<String, String> headers) {
    return new Request("GET", uri, headers, new byte[0]);
  }

  /** A POST with a body. */
  public static Request post(URI uri, Map<String, String> headers, byte[] body) {
    return new Request("POST", uri, headers, body);
  }

  static boolean isToken(String text) {
    return TOKEN.matcher(text).matches();
  }

  okhttp3.Request http() {
    return http;
  }
}
