package devfest.studio.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class CsvTest {

  private static String cell(Object value) {
    Csv table = new Csv("name");
    table.row(value);
    return table.toString().substring("name\r\n".length()).replaceFirst("\r\n$", "");
  }

  @Test
  void rowsEndWithCarriageReturnAndLineFeed() {
    Csv table = new Csv("a", "b", "c");
    table.row("x", null, 3L);
    assertEquals("a,b,c\r\nx,,3\r\n", table.toString());
  }

  @Test
  void specialCharactersAreQuoted() {
    assertEquals("\"Ada, \"\"the\"\" first\"", cell("Ada, \"the\" first"));
    assertEquals("\"two\r\nlines\"", cell("two\r\nlines"));
    assertEquals("Zoé", cell("Zoé"));
  }

  @Test
  void noTextIsAFormula() {
    for (String text : List.of("=1+1", "+1", "-1", "@SUM(A1)", "\t=1")) {
      assertEquals("'" + text, cell(text));
    }
    assertEquals("\"'=HYPERLINK(\"\"http://evil\"\",1)\"", cell("=HYPERLINK(\"http://evil\",1)"));
    assertEquals("a=1", cell("a=1"));
  }

  @Test
  void fileNamesAreSafeInHeaders() {
    assertEquals(
        "attachment; filename=\"devfest-lille-pictures.zip\";"
            + " filename*=UTF-8''DevFest%20Lille%20pictures.zip",
        Attachment.named("DevFest \"Lille\"\r\n", "pictures.zip"));
    assertEquals(
        "attachment; filename=\"ete-a-nimes-pictures.zip\";"
            + " filename*=UTF-8''%C3%89t%C3%A9%20%C3%A0%20N%C3%AEmes%20pictures.zip",
        Attachment.named("Été à Nîmes", "pictures.zip"));
    assertEquals(
        "attachment; filename=\"pictures.zip\"; filename*=UTF-8''%E6%9D%B1%E4%BA%AC%20pictures.zip",
        Attachment.named("東京", "pictures.zip"));
  }
}
