package devfest.studio.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import devfest.studio.http.Code;
import devfest.studio.http.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandTest {

  @Test
  void commandsAreRead() {
    assertEquals(
        new Command(Command.Type.FOLLOW, List.of("timer", "games/a")),
        Command.parse("{\"type\":\"follow\",\"channels\":[\"timer\",\"games/a\"],\"more\":1}"));
    assertEquals(
        new Command(Command.Type.LEAVE, List.of()),
        Command.parse(" {\"channels\":[],\"type\":\"leave\"} "));
    assertEquals(new Command(Command.Type.PING, List.of()), Command.parse("{\"type\":\"ping\"}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "\"ping\"",
        "{}",
        "{\"type\":null}",
        "{\"type\":\"PING\"}",
        "{\"type\":\"follow\"}",
        "{\"type\":\"follow\",\"channels\":\"timer\"}",
        "{\"type\":\"leave\",\"channels\":[1]}"
      })
  void otherMessagesAreRefused(String message) {
    Problem refusal = assertThrows(Problem.class, () -> Command.parse(message));
    assertEquals(Code.BAD_REQUEST, refusal.code());
  }

  @Test
  void aMessageThatIsNestedTooDeeplyIsRefused() {
    assertThrows(Problem.class, () -> Command.parse("[".repeat(8_000)));
    assertThrows(
        Problem.class,
        () -> Command.parse("{\"type\":\"follow\",\"channels\":" + "[".repeat(8_000)));
  }
}
