package devfest.studio;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A server whose files are in an S3 bucket. */
class StorageIT {

  private static final String BUCKET = "pictures";
  private static final byte[] PHOTO = TestImages.jpeg(1600, 1200);

  /** Jobs go on up to 19 s after the outage. */
  private static final Duration PAUSE = Duration.ofSeconds(40);

  @TempDir Path dir;
  private S3Server s3;

  @BeforeEach
  void startS3() throws Exception {
    s3 = S3Server.start(dir);
    s3.create(BUCKET);
  }

  @AfterEach
  void stopS3() {
    s3.close();
  }

  private String[] settings(String... more) {
    List<String> settings = new ArrayList<>(s3.settings(BUCKET));
    settings.add("studio.dev-mode=true");
    settings.addAll(List.of(more));
    return settings.toArray(String[]::new);
  }

  @Test
  void filesAreInTheBucketAndAnOutageOfTheStoreLosesNothing() throws Exception {
    try (Server server = Server.start(dir, settings("studio.transformations.attempts=1"))) {
      Client ann = Client.of(server.base(), "ann");
      String photo = ann.photo(PHOTO, null);
      filesAreServed(ann, photo);
      String first = ann.transform(photo, "vintage");
      awaitCompletion(ann, first);
      assertEquals(
          new TreeSet<>(
              List.of(
                  "photos/" + photo + ".jpg",
                  "photos/medium/" + photo + ".jpg",
                  "photos/thumbnails/" + photo + ".jpg",
                  "studio-store",
                  "transformations/" + first + ".jpg",
                  "transformations/medium/" + first + ".jpg",
                  "transformations/small/" + first + ".jpg",
                  "transformations/thumbnails/" + first + ".jpg",
                  "unfinished/probe")),
          keys());

      s3.stop();
      isAway(ann, photo);
      String second = ann.transform(photo, "vintage");
      String problem = ann.get("/api/v1/health").json().getString("detail");
      assertTrue(problem.contains("The file store does not respond."), problem);
      // Long enough for several attempts, of which only one would be allowed.
      await().during(Duration.ofSeconds(5)).until(() -> !status(ann, second).equals("failed"));
      s3.start();
      awaitCompletion(ann, second);
      await().until(() -> ann.get("/api/v1/health").status() == 200);
      String later = ann.photo(PHOTO, null);

      String marker = replaceMarker(UUID.randomUUID().toString());
      await().until(() -> ann.get("/api/v1/health").status() == 503);
      problem = ann.get("/api/v1/health").json().getString("detail");
      assertTrue(problem.contains("This node's store is not the one of the database"), problem);
      isAway(ann, photo);
      String ignored = replaceMarker(marker);
      await().until(() -> ann.get("/api/v1/health").status() == 200);

      assertEquals(204, ann.delete("/api/v1/photos/" + photo).status());
      assertEquals(204, ann.delete("/api/v1/photos/" + later).status());
      await()
          .atMost(PAUSE)
          .untilAsserted(
              () ->
                  assertEquals(new TreeSet<>(List.of("studio-store", "unfinished/probe")), keys()));
      assertFalse(server.log().contains(S3Server.SECRET_KEY));
      assertFalse(server.log().contains("\tat "), server::log);
    }
  }

  private static void filesAreServed(Client ann, String photo) throws Exception {
    String path = "/uploads/photos/" + photo + ".jpg";
    Client.Reply whole = ann.get(path);
    assertEquals(200, whole.status());
    byte[] digest = MessageDigest.getInstance("MD5").digest(whole.bytes());
    assertEquals('"' + HexFormat.of().formatHex(digest) + '"', whole.header("ETag"));
    Client.Reply part = ann.send(ann.request(path).header("Range", "bytes=10-19"));
    assertEquals(206, part.status());
    assertArrayEquals(Arrays.copyOfRange(whole.bytes(), 10, 20), part.bytes());
    assertEquals(
        304, ann.send(ann.request(path).header("If-None-Match", whole.header("ETag"))).status());
    assertEquals(404, ann.get("/uploads/photos/" + UUID.randomUUID() + ".jpg").status());
  }

  private static void isAway(Client ann, String photo) {
    for (Client.Reply reply :
        List.of(ann.upload(PHOTO, null), ann.get("/uploads/photos/" + photo + ".jpg"))) {
      assertEquals(503, reply.status(), reply.response()::toString);
      assertEquals("2", reply.header("Retry-After"));
      assertEquals(
          "The file store is not available at the moment. Try again later.",
          reply.json().getString("detail"));
    }
    Client.Reply health = ann.get("/api/v1/health");
    assertEquals(503, health.status());
    assertEquals("unhealthy", health.json().getJsonObject("services").getString("storage"));
    assertEquals("healthy", health.json().getJsonObject("services").getString("database"));
  }

  private static String status(Client client, String transformation) {
    return client.get("/api/v1/transformations/" + transformation).data().getString("status");
  }

  private static void awaitCompletion(Client client, String transformation) {
    await()
        .atMost(PAUSE)
        .untilAsserted(() -> assertEquals("completed", status(client, transformation)));
  }

  private Set<String> keys() {
    try (S3Client client = s3.client()) {
      TreeSet<String> keys = new TreeSet<>();
      client.listObjectsV2(request -> request.bucket(BUCKET)).contents().stream()
          .map(S3Object::key)
          .filter(key -> !key.endsWith("/")) // the server lists its directories too
          .forEach(keys::add);
      return keys;
    }
  }

  /** Returns the marker so far. */
  private String replaceMarker(String with) {
    try (S3Client client = s3.client()) {
      String before =
          client
              .getObjectAsBytes(request -> request.bucket(BUCKET).key("studio-store"))
              .asUtf8String();
      PutObjectResponse ignored =
          client.putObject(
              request -> request.bucket(BUCKET).key("studio-store"), RequestBody.fromString(with));
      return before;
    }
  }

  @Test
  void wrongCredentialsPreventTheStart() throws Exception {
    String log = Server.fail(dir, settings("studio.s3.secret-key=not-the-secret"));
    assertTrue(
        log.contains(
            "The studio does not start: The S3 store of the settings studio.s3.* refuses access: "),
        log);
    assertFalse(log.contains("not-the-secret"), log);
  }
}
