package devfest.studio.security;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.NotAuthorizedException;
import java.io.StringReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrantTest {

  private static Grant grant(String claims) {
    JsonObject object = Json.createReader(new StringReader(claims)).readObject();
    return Grant.of(object);
  }

  @Test
  void aTokenWithoutTheClaimsIsNotNarrowed() {
    Grant all = grant("{}");
    assertDoesNotThrow(() -> all.requireType("talk.started"));
    assertDoesNotThrow(() -> all.requireChannel("timer"));
  }

  @Test
  void aTokenMayPublishTheTypesOfItsClaimOnly() {
    Grant talks = grant("{\"studio_publish\":[\"talk.*\",\"break\"]}");
    assertDoesNotThrow(() -> talks.requireType("talk.started"));
    assertDoesNotThrow(() -> talks.requireType("break"));
    for (String other : new String[] {"talk", "talks.started", "break.over", "*", ""}) {
      assertThrows(ForbiddenException.class, () -> talks.requireType(other), other);
    }
    assertDoesNotThrow(() -> talks.requireChannel("timer"));
  }

  @Test
  void aTokenMayUseTheChannelsOfItsClaimOnly() {
    Grant room = grant("{\"studio_channels\":[\"events\",\"chat/room-a\",\"games/*\"]}");
    for (String channel : new String[] {"events", "chat/room-a", "games/42"}) {
      assertDoesNotThrow(() -> room.requireChannel(channel), channel);
    }
    for (String other : new String[] {"chat", "chat/room-b", "games", "timer"}) {
      assertThrows(ForbiddenException.class, () -> room.requireChannel(other), other);
    }
  }

  @Test
  void anEmptyClaimAllowsNothing() {
    Grant none = grant("{\"studio_publish\":[],\"studio_channels\":[]}");
    assertThrows(ForbiddenException.class, () -> none.requireType("talk"));
    assertThrows(ForbiddenException.class, () -> none.requireChannel("events"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"talk.*\"", "null", "1", "{}", "[1]", "[null]", "[[\"talk\"]]"})
  void aClaimOfAnotherFormMakesTheTokenInvalid(String claim) {
    for (String name : new String[] {"studio_publish", "studio_channels"}) {
      assertThrows(
          NotAuthorizedException.class, () -> grant("{\"" + name + "\":" + claim + "}"), name);
    }
  }
}
