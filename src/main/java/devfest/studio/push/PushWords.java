package devfest.studio.push;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The texts of messages in one language. */
record PushWords(String ready, String open, String failed, String retry, String mention) {

  private static final PushWords ENGLISH =
      new PushWords(
          "Your picture is ready",
          "Tap to see it.",
          "Your picture could not be created",
          "Tap to try again.",
          "%s mentioned you");

  private static final PushWords FRENCH =
      new PushWords(
          "Votre image est prête",
          "Touchez pour la voir.",
          "Votre image n’a pas pu être créée",
          "Touchez pour réessayer.",
          "%s vous mentionne");

  private static final String FR = "fr";

  /** Returns the best language of a reader, {@code en} or {@code fr}. */
  static String language(List<Locale> wishes) {
    return wishes.stream()
        .map(Locale::getLanguage)
        .filter(each -> each.equals("en") || each.equals(FR))
        .findFirst()
        .orElse("en");
  }

  static PushWords in(String language) {
    return language.equals(FR) ? FRENCH : ENGLISH;
  }

  String mentioned(@Nullable String by) {
    return mention.formatted(by == null ? "?" : by);
  }
}
