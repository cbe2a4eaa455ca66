package devfest.studio.security;

import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.HashSet;
import java.util.Set;
import org.eclipse.microprofile.jwt.Claims;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/** A verified token, the principal of a request. Immutable. */
public final class Token implements JsonWebToken {

  private final Caller caller;
  private final Grant grant;
  private final JsonObject claims;
  private final String raw;

  Token(Caller caller, JsonObject claims, String raw) {
    this.caller = caller;
    this.grant = Grant.of(claims);
    this.claims = claims;
    this.raw = raw;
  }

  /** Returns the user that the token identifies. */
  public Caller caller() {
    return caller;
  }

  Grant grant() {
    return grant;
  }

  /** Returns this token as part of a session. */
  Token in(String session) {
    return new Token(caller.in(session), claims, raw);
  }

  @Override
  public String getName() {
    return caller.user();
  }

  /** Returns the groups after the configured mapping. */
  @Override
  public Set<String> getGroups() {
    return caller.groups();
  }

  @Override
  public Set<String> getClaimNames() {
    Set<String> names = new HashSet<>(claims.keySet());
    names.add(Claims.raw_token.name());
    return names;
  }

  /**
   * Returns a claim, null if it is absent. Standard claims have the type that {@link Claims}
   * defines, all others are JSON values.
   */
  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as in the interface
  public <T> @Nullable T getClaim(String name) {
    JsonValue value = claims.get(name);
    return (@Nullable T)
        switch (name) {
          case "raw_token" -> raw;
          case "groups" -> caller.groups();
          case "aud" -> value == null ? null : Tokens.strings(value);
          case "exp", "iat", "nbf", "auth_time", "updated_at" ->
              value instanceof JsonNumber number ? (Object) number.longValue() : value;
          case "iss", "sub", "jti", "upn", "preferred_username", "given_name", "name", "email" ->
              value instanceof JsonString string ? string.getString() : value;
          default -> value;
        };
  }

  /** Excludes the raw token and its claims, so that they cannot reach a log by accident. */
  @Override
  public String toString() {
    return "Token of " + caller.userId();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Token token && token.raw.equals(raw);
  }

  @Override
  public int hashCode() {
    return raw.hashCode();
  }
}
