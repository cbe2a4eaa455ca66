package devfest.studio.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.S3Server;
import devfest.studio.SseReader;
import devfest.studio.TestImages;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes whose files are in a bucket that becomes unavailable. */
class LostStoreClusterIT {

  private static final String BUCKET = "pictures";
  private static final Duration OUTAGE = Duration.ofSeconds(10);
  private static final byte[] PHOTO = TestImages.jpeg(400, 300);

  @TempDir private Path dir;
  private S3Server s3;
  private Pair pair;

  @BeforeEach
  void start() throws IOException {
    s3 = S3Server.start(dir);
    s3.create(BUCKET);
    List<String> settings = new ArrayList<>(s3.settings(BUCKET));
    settings.add("studio.transformations.attempts=1");
    pair = Pair.start(dir, settings.toArray(String[]::new));
  }

  @AfterEach
  void stop() throws IOException {
    pair.close();
    s3.close();
  }

  @Test
  void anOutageOfTheStoreUnderLoadRefusesUploadsPostponesJobsAndLosesNothing() throws Exception {
    Client atA = Client.of(pair.a().base(), "ann", "publisher", "admin");
    Client atB = pair.atB(atA);
    List<Client> nodes = List.of(atA, atB);
    String photo = atA.photo(PHOTO, null);
    Set<String> jobs = new HashSet<>();
    try (Load load = new Load("store", nodes);
        SseReader ends = atB.stream("?types=transformation.completed,transformation.failed")) {
      ends.next("connected");
      load.awaitProgress(60);
      for (Client node : nodes) {
        jobs.add(node.transform(photo, "pixel"));
      }
      s3.stop();
      long end = System.nanoTime() + OUTAGE.toNanos();
      for (int uploads = 0; uploads < 4 || System.nanoTime() < end; uploads++) {
        Client node = nodes.get(uploads % 2);
        Client.Reply refused = node.upload(PHOTO, null);
        assertEquals(503, refused.status(), refused.response()::toString);
        assertEquals("2", refused.header("Retry-After"));
        jobs.add(node.transform(photo, "pixel"));
        load.awaitProgress(10);
      }
      s3.start();
      Awaitility.await()
          .until(() -> nodes.stream().allMatch(node -> node.upload(PHOTO, null).status() == 201));
      Set<String> completed = new HashSet<>();
      while (completed.size() < jobs.size()) {
        SseReader.Frame frame = ends.next("transformation.completed");
        String id = frame.data().replaceFirst(".*\"transformationId\":\"([^\"]+)\".*", "$1");
        assertTrue(completed.add(id), () -> id + " was completed twice");
      }
      assertEquals(jobs, completed);
      load.check();
    }
  }
}
