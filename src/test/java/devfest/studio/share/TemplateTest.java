package devfest.studio.share;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplateTest {

  private static final Template MISSING = Template.read("missing.html");

  private static Map<String, String> values(Locale... wishes) {
    Map<String, String> values = Words.in(List.of(wishes));
    values.put("event", "<DevFest> & \"friends'\"");
    return values;
  }

  @Test
  void valuesCannotChangeThePage() {
    String page = MISSING.fill(values(Locale.ENGLISH));
    assertTrue(page.contains("<h1>&lt;DevFest&gt; &amp; &quot;friends&#39;&quot;</h1>"), page);
    assertFalse(page.contains("{{"), page);
  }

  @Test
  void anOptionalPartNeedsItsValue() {
    assertFalse(MISSING.fill(values(Locale.ENGLISH)).contains("Take part now"));
    Map<String, String> values = values(Locale.ENGLISH);
    values.put("join", "https://studio.example/join#pass=$1");
    String page = MISSING.fill(values);
    assertTrue(page.contains("href=\"https://studio.example/join#pass=$1\">Take part now"), page);
    assertFalse(page.contains("<!--"), page);
  }

  @Test
  void aMissingValueIsAFault() {
    Map<String, String> values = values();
    values.remove("event");
    assertThrows(IllegalArgumentException.class, () -> MISSING.fill(values));
  }

  @Test
  void theFirstLanguageThatThePageHasIsChosen() {
    assertEquals("en", values().get("language"));
    assertEquals("en", values(Locale.GERMAN).get("language"));
    assertEquals("fr", values(Locale.GERMAN, Locale.CANADA_FRENCH, Locale.UK).get("language"));
    assertEquals("Avant", values(Locale.FRENCH).get("before"));
    assertEquals(values(Locale.UK).keySet(), values(Locale.FRENCH).keySet());
  }
}
