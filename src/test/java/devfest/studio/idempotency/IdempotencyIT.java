package devfest.studio.idempotency;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import devfest.studio.Client;
import devfest.studio.SharedServerTest;
import devfest.studio.TestImages;
import jakarta.json.JsonObject;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Requests that are repeated with their key. */
class IdempotencyIT extends SharedServerTest {

  private static final byte[] PHOTO = TestImages.jpeg(900, 600);

  private Client.Reply withKey(Client client, String path, String key, String json) {
    return client.send(
        client
            .request(path)
            .header("Idempotency-Key", key)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  @Test
  void aRequestRepeatedWithItsKeyIsExecutedOnce() throws Exception {
    String type = "once" + System.nanoTime();
    String body = "{\"event\":\"" + type + "\",\"data\":1}";
    ExecutorService pool = Executors.newFixedThreadPool(4);
    List<Future<String>> answers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      answers.add(
          pool.submit(
              () ->
                  new String(
                      withKey(publisher, "/api/v1/events", "k", body).bytes(),
                      StandardCharsets.UTF_8)));
    }
    Set<String> different = new HashSet<>();
    for (Future<String> answer : answers) {
      different.add(answer.get(30, TimeUnit.SECONDS));
    }
    pool.shutdown();
    assertEquals(1, different.size(), different::toString);
    assertEquals(1, root.get("/api/v1/events?types=" + type).items().size());
    assertEquals(
        422,
        withKey(publisher, "/api/v1/events", "k", body.replace(":1", ":2")).status(),
        "another body");

    String photo = ann.photo(PHOTO, null);
    String order = "{\"photoId\":\"" + photo + "\",\"styleId\":\"vintage\"}";
    Client.Reply first = withKey(ann, "/api/v1/transformations", "t", order);
    Client.Reply second = withKey(ann, "/api/v1/transformations", "t", order);
    assertEquals(202, second.status());
    assertArrayEquals(first.bytes(), second.bytes());
    assertEquals(first.header("Location"), second.header("Location"));
    assertEquals(1, ann.get("/api/v1/transformations").items().size());
  }

  @Test
  void aRepeatedUploadWithTheSameKeyStoresASinglePhoto() {
    Client.Reply first = ann.upload("/api/v1/photos", "file", PHOTO, null, "u");
    Client.Reply second = ann.upload("/api/v1/photos", "photo", PHOTO, null, "u");
    assertEquals(201, second.status());
    assertArrayEquals(first.bytes(), second.bytes());
    assertEquals(1, ann.get("/api/v1/photos").items().size());
    assertEquals(
        422, ann.upload("/api/v1/photos", "file", PHOTO, "public", "u").status(), "another body");
    assertEquals(201, bob.upload("/api/v1/photos", "file", PHOTO, null, "u").status());
  }

  @Test
  void aRepeatedEventWithTheSameKeyKeepsItsPosition() {
    String type = "keyed" + System.nanoTime();
    String a = "{\"event\":\"" + type + "\",\"data\":1,\"idempotencyKey\":\"a" + type + "\"}";
    String b = "{\"event\":\"" + type + "\",\"data\":2}";
    JsonObject first = publisher.post("/api/v1/events", "[" + a + "," + b + "," + a + "]").json();
    String position = first.getJsonArray("eventIds").getString(0);
    assertEquals(position, first.getJsonArray("eventIds").getString(2));
    JsonObject second = publisher.post("/api/v1/events", a).json();
    assertEquals(position, second.getJsonArray("eventIds").getString(0));
    assertEquals(2, root.get("/api/v1/events?types=" + type).items().size());
    assertEquals(
        422, publisher.post("/api/v1/events", a.replace("\"data\":1", "\"data\":9")).status());
  }
}
