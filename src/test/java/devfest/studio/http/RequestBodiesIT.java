package devfest.studio.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import devfest.studio.Client;
import devfest.studio.SharedServerTest;
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
        "github/hooks | {\"name\":\"a\\nb\"} | name must have at most 100 characters on one line.",
        "assistant/stream | {\"prompt\":\"\"}"
            + " | prompt must have 1 to 4000 characters and no control characters."
      })
  void aBodyThatViolatesAConstraintIsRejectedWithAReason(String path, String body, String detail) {
    Client.Reply reply = publisher.post("/api/v1/" + path, body);
    assertEquals(400, reply.status());
    assertEquals(detail, reply.json().getString("detail"));
  }
}
