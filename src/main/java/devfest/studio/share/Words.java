package devfest.studio.share;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.ResourceBundle.Control;

/** The texts of the page in English and French. */
final class Words {

  private static final Control NO_FALLBACK = Control.getNoFallbackControl(Control.FORMAT_DEFAULT);

  private Words() {}

  /**
   * Returns the texts by their names, and the language as {@code language}.
   *
   * @param wishes the languages of the reader, the best first
   */
  static Map<String, String> in(List<Locale> wishes) {
    String language =
        wishes.stream()
            .map(Locale::getLanguage)
            .filter(each -> each.equals("en") || each.equals("fr"))
            .findFirst()
            .orElse("en");
    ResourceBundle bundle =
        ResourceBundle.getBundle(
            Words.class.getPackageName() + ".words",
            language.equals("fr") ? Locale.FRENCH : Locale.ROOT,
            Words.class.getClassLoader(),
            NO_FALLBACK);
    Map<String, String> words = new HashMap<>();
    for (String name : Collections.list(bundle.getKeys())) {
      words.put(name, bundle.getString(name));
    }
    words.put("language", language);
    return words;
  }
}
