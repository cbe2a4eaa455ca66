package devfest.studio.publish;

import com.code_intelligence.jazzer.junit.FuzzTest;
import devfest.studio.http.Problem;
import devfest.studio.publish.Publication.Defaults;
import jakarta.json.Json;
import jakarta.json.JsonReader;
import java.io.StringReader;
import java.util.List;

/** Any body of a publication is read to events with valid JSON as data, or refused. */
class PublicationFuzzTest {

  @FuzzTest(maxDuration = "10m")
  void bodies(byte[] body) {
    List<Publication> events;
    try {
      events = Publication.read("ann", body, Defaults.EVENT, name -> name.startsWith("photo."));
    } catch (Problem e) {
      return;
    }
    for (Publication publication : events) {
      try (JsonReader reader = Json.createReader(new StringReader(publication.event().data()))) {
        if (reader.readValue() == null) {
          throw new AssertionError("The data is not JSON");
        }
      }
    }
  }
}
