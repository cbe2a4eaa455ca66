package devfest.studio.app.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StaticContentTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "true  | gzip",
        "true  | br, GZip",
        "true  | gzip;q=0.5, identity",
        "true  | gzip ; q=0.001",
        "true  | x-gzip",
        "true  | *",
        "true  | gzip, *;q=0",
        "false | ''",
        "false | br",
        "false | identity",
        "false | gzip;q=0",
        "false | gzip; Q=0.000",
        "false | *;q=0",
        "false | gzip;q=0, *",
        "false | gzipped",
      })
  void gzipIsSentIfTheClientAcceptsIt(boolean accepted, String header) {
    List<String> codings = Stream.of(header.split(",")).map(String::strip).toList();
    assertEquals(accepted, StaticContent.acceptsGzip(codings));
  }

  @Test
  void tagsAreComparedWeakly() {
    assertTrue(StaticContent.names(List.of("\"b\"", "W/\"a\""), "\"a\""));
    assertTrue(StaticContent.names(List.of("*"), "\"a\""));
    assertFalse(StaticContent.names(List.of("\"a-gzip\"", "a"), "\"a\""));
    assertFalse(StaticContent.names(List.of(), "\"a\""));
  }
}
