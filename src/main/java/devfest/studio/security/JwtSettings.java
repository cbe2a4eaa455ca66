package devfest.studio.security;

import devfest.studio.settings.Values;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Settings of tokens in addition to the standard properties of MicroProfile JWT.
 *
 * @param groupsClaim the path of the claim that contains the groups
 * @param groups maps groups of the issuer to groups of the studio
 */
public record JwtSettings(String groupsClaim, Map<String, Set<String>> groups) {

  public static JwtSettings from(Values values) {
    String claim = values.text("studio.jwt.groups-claim", "groups").strip();
    Map<String, Set<String>> groups =
        values
            .other(
                "studio.jwt.groups",
                "a list such as event-admins=admin,press=publisher",
                value ->
                    Values.parts(value).stream()
                        .allMatch(part -> part.matches(".+=\\s*(admin|publisher)")),
                JwtSettings::groups)
            .orElse(Map.of());
    values.texts("studio.jwt.issuers.NAME.issuer");
    values.texts("studio.jwt.issuers.NAME.jwks");
    return new JwtSettings(claim, groups);
  }

  private static Map<String, Set<String>> groups(String list) {
    Map<String, Set<String>> groups = new HashMap<>();
    for (String pair : Values.parts(list)) {
      int sign = pair.lastIndexOf('=');
      groups
          .computeIfAbsent(pair.substring(0, sign).strip(), name -> new HashSet<>())
          .add(pair.substring(sign + 1).strip());
    }
    return Map.copyOf(groups);
  }
}
