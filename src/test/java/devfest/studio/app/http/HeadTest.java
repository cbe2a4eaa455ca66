package devfest.studio.app.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadTest {

  private static Head head(Map<String, List<String>> headers) {
    return Head.of(
        (HttpServletRequest)
            Proxy.newProxyInstance(
                HeadTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (self, method, arguments) ->
                    switch (method.getName()) {
                      case "getMethod" -> "POST";
                      case "getRequestURI" -> "/api/v1/photos";
                      case "isSecure" -> true;
                      case "getRemoteAddr" -> "192.0.2.7";
                      case "getHeaders" ->
                          Collections.enumeration(
                              headers.getOrDefault((String) arguments[0], List.of()));
                      default -> throw new UnsupportedOperationException(method.getName());
                    }));
  }

  @Test
  void theHeadOfAServletRequestHasItsValues() {
    Head head = head(Map.of("Cookie", List.of("a=1", "b=2")));
    assertEquals("POST", head.method());
    assertEquals("/api/v1/photos", head.uri());
    assertEquals("192.0.2.7", head.peer());
    assertTrue(head.secure());
    assertEquals(List.of("a=1", "b=2"), head.headers("Cookie"));
    assertEquals("a=1", head.header("Cookie"));
    assertEquals(List.of(), head.headers("Host"));
    assertNull(head.header("Host"));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "17, 17", "007, 7", "999999999999999999, 999999999999999999"})
  void theLengthIsTheDeclaredOne(String header, long length) {
    assertEquals(length, head(Map.of("Content-Length", List.of(header))).length());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "+1", "1 ", "1,1", "0x10", "1000000000000000000"})
  void anInvalidLengthIsNotDeclared(String header) {
    assertEquals(-1, head(Map.of("Content-Length", List.of(header))).length());
  }

  @Test
  void aChunkedBodyHasNoDeclaredLength() {
    assertEquals(-1, head(Map.of()).length());
  }
}
