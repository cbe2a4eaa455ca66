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
    // OkHttp sends a request again if a response with 503 has the header "Retry-After: 0".
    return response.code() == 503
        ? response.newBuilder().removeHeader("Retry-After").build()
        : response;
  }

  private static OutgoingException malformed(String message) {
    return new OutgoingException(Reason.MALFORMED, message);
  }
}
