package devfest.studio.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import devfest.studio.Client;
import devfest.studio.SharedServerTest;
import java.net.http.HttpRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Request bodies that violate the constraints of their records. */
class RequestBodiesIT extends SharedServerTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "games | {} | away must have 1 to 100 characters and no control characters."
            + " home must have 1 to 100 characters and no control characters.",
        "games | {\"home\":\"a\",\"away\":\"b\\nc\"}"
            + " | away must have 1 to 100 characters and no control characters.",
        "games | null | The body must be a JSON object.",
        "games | `` | The body must be a JSON object.",
        "transformations | {\"styleId\":\"vintage\"} | photoId is required.",
        "users/somebody/mention | {\"text\":\" \"}"
            + " | text must have 1 to 500 characters and no control characters.",
        "github/hooks | {\"name\":\"a\\nb\"} | name must have at most 100 characters on one line, none of them invisible.",
        "assistant/stream | {\"prompt\":\"\"}"
            + " | prompt must have 1 to 4000 characters and no control characters.",
        "chat/messages | {} | text must have 1 to 1000 characters and no control characters.",
        "chat/messages | {\"message\":\"\"}"
            + " | text must have 1 to 1000 characters and no control characters.",
        "chat/messages | {\"text\":\"a\",\"room\":\"-\"} | room must have 1 to 32 characters:"
            + " a–z, 0–9 and '-', and must not start with '-'.",
        "github/posts | {} | title is required.",
        "github/posts | {\"title\":\" \"} | title must have 1 to 200 characters on one line, none of them invisible.",
        "github/posts | {\"title\":\"a\\nb\"} | title must have 1 to 200 characters on one line, none of them invisible.",
        "github/posts | {\"title\":\"a\",\"body\":\"\\u0000\"}"
            + " | body must have at most 4000 characters and no NUL character.",
        "games/nix/score | {\"home_score\":\"1\"}"
            + " | away_score must be a whole number from 0 to 1000000."
            + " home_score must be a whole number from 0 to 1000000.",
        "games/nix/score | {\"home_score\":1,\"away_score\":1,\"event_type\":\"a b\"}"
            + " | event_type must have at most 64 characters: letters, digits, '_' and '-', and must"
            + " start with a letter.",
        "games/nix/score | {\"home_score\":1,\"away_score\":1,\"event_type\":\"initial\"}"
            + " | The event_type 'initial' is reserved.",
        "games/nix/score | {\"home_score\":1,\"away_score\":1,\"event_type\":\"heartbeat\"}"
            + " | The event_type 'heartbeat' is reserved.",
        "timer/penalty | {\"seconds\":0} | seconds must be a whole number from 1 to 604800.",
        "timer/start | {\"duration\":1.5} | duration must be a whole number from 1 to 604800.",
        "timer/reset | {\"duration\":\"1\"}"
            + " | duration must be a whole number from 1 to 604800.",
        "metrics/clients | `` | The body must be a JSON object.",
        "metrics/clients | {\"transport\":\"pigeon\"}"
            + " | transport must be websocket, stream or polling.",
        "metrics/clients | {\"transport\":\"stream\",\"failed\":-1}"
            + " | failed must be a whole number from 0 to 1000.",
        "metrics/clients | {\"transport\":\"stream\",\"latencies\":[1,null]}"
            + " | latencies must be whole numbers from 0 to 600000.",
        "dev/tokens | {\"user\":\" \"} | user must be a non-blank string.",
        "dev/tokens | {\"user\":\"a\",\"ttlSeconds\":0}"
            + " | ttlSeconds must be a whole number from 1 to 2592000."
      })
  void aBodyThatViolatesAConstraintIsRejectedWithAReason(String path, String body, String detail) {
    Client.Reply reply = publisher.post("/api/v1/" + path, body);
    assertEquals(400, reply.status());
    assertEquals(detail, reply.json().getString("detail"));
  }

  @Test
  void aChangeOfChannelsTakesListsOfNames() {
    Client.Reply reply = ann.patch("/api/v1/streams/nix", "{\"add\":[null]}");
    assertEquals(400, reply.status());
    assertEquals("add must be a list of channel names.", reply.json().getString("detail"));
  }

  @Test
  void aCallerOnAnotherMachineGets404AlsoForAnInvalidWish() {
    Client.Reply proxied =
        nobody.send(
            nobody
                .request("/api/v1/dev/tokens")
                .header("Content-Type", "application/json")
                .header("Forwarded", "for=10.0.0.1")
                .POST(HttpRequest.BodyPublishers.ofString("{}")));
    assertEquals(404, proxied.status());
  }

  @Test
  void bodiesMayBeLargerThanTheDefaultLimitOfAServer() {
    String delivery = " ".repeat(12 * 1024 * 1024);
    assertEquals(401, publisher.post("/api/v1/github/webhook", delivery).status());
  }
}
