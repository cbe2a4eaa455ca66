package devfest.studio.feeds.assistant;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.SharedServerTest;
import devfest.studio.SseReader;
import devfest.studio.TestImages;
import org.junit.jupiter.api.Test;

/** The assistant of a studio without a model. */
class CaptionsIT extends SharedServerTest {

  @Test
  void withoutAModelTheCaptionWriterSummarisesTheUsersPhotos() throws Exception {
    ann.transform(ann.photo(TestImages.jpeg(300, 200), "private"), "vintage");
    await().until(() -> !ann.get(V1 + "/notifications").items().isEmpty());
    try (SseReader reader = ann.follow(V1 + "/assistant/stream?prompt=a%20caption")) {
      reader.next("start");
      StringBuilder text = new StringBuilder();
      SseReader.Frame frame = reader.next();
      for (; "token".equals(frame.event()); frame = reader.next()) {
        text.append(frame.data());
      }
      assertEquals("complete", frame.event());
      assertTrue(text.toString().contains("not a language model"), text::toString);
      assertTrue(text.toString().contains("1 photo and 1 styled picture"), text::toString);
      assertTrue(text.toString().contains("Vintage (1)"), text::toString);
      assertTrue(
          text.toString().contains("newest event is transformation.completed at"), text::toString);
    }
  }
}
