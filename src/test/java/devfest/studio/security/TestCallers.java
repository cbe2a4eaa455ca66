package devfest.studio.security;

import jakarta.json.JsonValue;
import jakarta.ws.rs.NotAuthorizedException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Accepts a header with the name of a user and one group, for example {@code Bearer ann admin}. */
public final class TestCallers extends Callers {

  public TestCallers() {
    super(null, null, null, null, null);
  }

  /**
   * @throws NotAuthorizedException if the header has another form
   */
  @Override
  public Optional<Token> header(List<String> headers) {
    if (headers.isEmpty()) {
      return Optional.empty();
    }
    String[] words = headers.get(0).split(" ");
    if (words.length != 3) {
      throw Tokens.invalid();
    }
    Caller caller = new Caller(words[1], null, Set.of(words[2]), null, null, null);
    return Optional.of(new Token(caller, JsonValue.EMPTY_JSON_OBJECT, headers.get(0)));
  }
}
