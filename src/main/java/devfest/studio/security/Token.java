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

/** A token that has been verified, as the principal of its request. Immutable. */
public final class Token implements JsonWebToken {

  private final Caller caller;
  private final JsonObject claims;
  private final String raw;

  Token(Caller caller, JsonObject claims, String raw) {
    this.caller = caller;
    this.claims = claims;
    this.raw = raw;
  }

  /** The user whose token it is. */
  public Caller caller() {
    return caller;
  }

  /** The same token as part of a session. */
  Token in(String session) {
    return new Token(caller.in(session), claims, raw);
  }

  @Override
  public String getName() {
    return caller.user();
  }

  /** The groups as the studio understands them: after the mapping that the operator configured. */
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
   * A claim in the type that MicroProfile JWT gives it: the standard ones as in {@link Claims}, all
   * others as JSON values.
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

  /** Without the token itself and its claims, so that it can't get into a log by accident. */
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
