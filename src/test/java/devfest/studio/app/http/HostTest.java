package devfest.studio.app.http;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "studio.example.org",
        "localhost:8080",
        "127.0.0.1",
        "[::1]:8080",
        "my_host.",
        "a"
      })
  void aHostWithOrWithoutAPortIsValid(String host) {
    assertTrue(Host.isValid(List.of(host)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a b",
        "a,b",
        "a/b",
        "a\"b",
        "<b>",
        "a@b",
        "a:b",
        "a:1:2",
        "[::1",
        "a\u00e9",
        "a\tb",
        "a:123456"
      })
  void otherCharactersAreInvalid(String host) {
    assertFalse(Host.isValid(List.of(host)));
  }

  @Test
  void noneIsValidBecauseOfHttp10ButSeveralAreNot() {
    assertTrue(Host.isValid(List.of()));
    assertFalse(Host.isValid(List.of("a", "a")));
  }
}
