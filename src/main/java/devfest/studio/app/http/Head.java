package devfest.studio.app.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The head of a request, from whichever API it comes. Used by one thread at a time. */
public interface Head {

  String method();

  /** Returns the path as the client has sent it, without the query. */
  String uri();

  /** Returns all values of a header; empty if the request does not have it. */
  List<String> headers(String name);

  /** Whether the connection is encrypted. */
  boolean secure();

  /** Returns the address from which the connection comes. */
  String peer();

  /** Returns the first value of a header; null if the request does not have it. */
  default @Nullable String header(String name) {
    List<String> values = headers(name);
    return values.isEmpty() ? null : values.get(0);
  }

  /** Returns the length of the body in bytes; negative if it is not declared. */
  default long length() {
    String length = header("Content-Length");
    return length != null && length.matches("\\d{1,18}") ? Long.parseLong(length) : -1;
  }

  static Head of(HttpServletRequest request) {
    return new Head() {
      @Override
      public String method() {
        return request.getMethod();
      }

      @Override
      public String uri() {
        return request.getRequestURI();
      }

      @Override
      public List<String> headers(String name) {
        return Collections.list(request.getHeaders(name));
      }

      @Override
      public boolean secure() {
        return request.isSecure();
      }

      @Override
      public String peer() {
        return request.getRemoteAddr();
      }
    };
  }
}
