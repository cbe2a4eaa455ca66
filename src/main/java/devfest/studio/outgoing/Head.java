package devfest.studio.outgoing;

import devfest.studio.outgoing.OutgoingException.Reason;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.Response;

/** Refuses heads of responses that OkHttp accepts although they are not HTTP/1.1 (RFC 9112). */
final class Head implements Interceptor {

  private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");
  private static final Pattern TRAP = Pattern.compile("0+|\\d{10,}");
  private static final String RETRY = "Retry-After";

  @Override
  public Response intercept(Chain chain) throws IOException {
    Response response = chain.proceed(chain.request());
    if (response.code() < 200 || response.code() > 599) { // OkHttp skips interim responses
      throw malformed("sends no final status");
    }
    Headers headers = response.headers();
    if (!headers.names().stream().allMatch(Request::isToken)) {
      throw malformed("sends a malformed header");
    }
    List<String> encodings = headers.values("Transfer-Encoding");
    if (!encodings.isEmpty()) { // counts more than a length
      if (encodings.size() > 1 || !encodings.get(0).equalsIgnoreCase("chunked")) {
        throw malformed("sends an unknown transfer encoding");
      }
    } else {
      List<String> lengths = headers.values("Content-Length").stream().distinct().toList();
      if (lengths.size() > 1 || !lengths.stream().allMatch(l -> LENGTH.matcher(l).matches())) {
        throw malformed("sends a malformed length");
      }
    }
    return response.code() == 503 && headers.values(RETRY).stream().anyMatch(Head::isTrap)
        ? response.newBuilder().removeHeader(RETRY).build()
        : response;
  }

  /** OkHttp would send the request again at once, or fail because the number is no int. */
  private static boolean isTrap(String retryAfter) {
    return TRAP.matcher(retryAfter).matches();
  }

  private static OutgoingException malformed(String message) {
    return new OutgoingException(Reason.MALFORMED, message);
  }
}
