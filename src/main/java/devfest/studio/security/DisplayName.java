package devfest.studio.security;

import devfest.studio.base.Text;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is shown to others as the name of a user. */
final class DisplayName {

  /** In characters; longer names do not fit a caption. */
  private static final int MAX = 64;

  private DisplayName() {}

  /**
   * Returns the name that the claims of a token give, {@code name} before {@code given_name}; null
   * if neither is a name that can be shown: not empty, not misleading and no e-mail address.
   */
  static @Nullable String in(JsonObject claims) {
    return Stream.of("name", "given_name")
        .map(claims::get)
        .flatMap(claim -> claim instanceof JsonString text ? Stream.of(text) : Stream.empty())
        .map(text -> Text.clip(text.getString().strip(), MAX))
        .filter(name -> !name.isEmpty() && name.indexOf('@') < 0 && Text.isName(name))
        .findFirst()
        .orElse(null);
  }

  /**
   * Returns the name of a user who has given none.
   *
   * @param publicId the id under which others see the user
   */
  static String of(String user, String publicId) {
    int at = user.indexOf('@');
    return Text.clip(at > 0 ? user.substring(0, at) : publicId, MAX);
  }
}
