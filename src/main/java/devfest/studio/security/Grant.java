package devfest.studio.security;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.NotAuthorizedException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the claims {@value #TYPES} and {@value #CHANNELS} of a token leave of the rights of its
 * groups, so that one publisher may publish for one talk only. Both are arrays of names; a {@code
 * *} at the end of a name stands for any text. Immutable.
 *
 * @param types the types of events that may be published; null for all
 * @param channels the channels that may be changed, for example {@code events}, {@code timer},
 *     {@code games/42} or {@code chat/room-a}; null for all
 */
record Grant(@Nullable Set<String> types, @Nullable Set<String> channels) {

  static final String TYPES = "studio_publish";
  static final String CHANNELS = "studio_channels";

  /** The grant of a token without the claims. */
  static final Grant ALL = new Grant(null, null);

  /**
   * Reads the claims.
   *
   * @throws NotAuthorizedException if one is not an array of strings: to ignore it would widen the
   *     token
   */
  static Grant of(JsonObject claims) {
    return new Grant(names(claims.get(TYPES)), names(claims.get(CHANNELS)));
  }

  private static @Nullable Set<String> names(@Nullable JsonValue claim) {
    if (claim == null) {
      return null;
    }
    if (!(claim instanceof JsonArray)) {
      throw Tokens.invalid();
    }
    return Tokens.strings(claim);
  }

  /**
   * Checks that the token may publish events of a type.
   *
   * @throws ForbiddenException if not
   */
  void requireType(String type) {
    if (!includes(types, type)) {
      throw new ForbiddenException("The token may not publish events of the type '" + type + "'.");
    }
  }

  /**
   * Checks that the token may change a channel.
   *
   * @throws ForbiddenException if not
   */
  void requireChannel(String channel) {
    if (!includes(channels, channel)) {
      throw new ForbiddenException("The token may not use the channel '" + channel + "'.");
    }
  }

  private static boolean includes(@Nullable Set<String> names, String name) {
    return names == null
        || names.stream()
            .anyMatch(
                each ->
                    each.endsWith("*")
                        ? name.startsWith(each.substring(0, each.length() - 1))
                        : name.equals(each));
  }
}
