package devfest.studio.blobs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import devfest.studio.S3Server;
import devfest.studio.base.UnavailableException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/** On a real S3 server. */
class S3StoreIT extends BlobStoreContract {

  private static final AtomicInteger BUCKETS = new AtomicInteger();

  @TempDir static Path home;
  private static S3Server server;
  private String bucket;

  @BeforeAll
  static void start() throws Exception {
    server = S3Server.start(home);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  BlobStore open() throws Exception {
    bucket = "bucket-" + BUCKETS.incrementAndGet();
    server.create(bucket);
    return store(bucket, S3Server.SECRET_KEY);
  }

  @AfterEach
  void close() {
    ((S3Store) store).close();
  }

  private S3Store store(String inBucket, String secretKey) {
    return new S3Store(
        new StorageSettings.S3(
            Optional.of(server.endpoint()),
            "us-east-1",
            inBucket,
            S3Server.ACCESS_KEY,
            secretKey,
            true),
        spool);
  }

  @Test
  void anObjectHasTheKeyOfTheBlob() throws Exception {
    write(KEY, "pixel");
    try (S3Client client = server.client()) {
      assertEquals(
          "pixel",
          client.getObjectAsBytes(request -> request.bucket(bucket).key(KEY)).asUtf8String());
    }
  }

  @Test
  void largeBlobsArriveUnchangedWithTheirRanges() throws Exception {
    byte[] large = new byte[12_345_678];
    new Random(7).nextBytes(large);
    store.write(KEY, out -> out.write(large));
    try (Blob blob = store.open(KEY);
        InputStream range = blob.read(9_000_000, 1_000_000)) {
      assertArrayEquals(Arrays.copyOfRange(large, 9_000_000, 10_000_000), range.readAllBytes());
      assertArrayEquals(large, blob.bytes());
      assertEquals(ContentDigest.tag(ContentDigest.create().digest(large)), blob.tag());
    }
  }

  @Test
  void anObjectCopiedByAnotherToolHasTheSameTag() throws Exception {
    write(KEY, "pixel");
    try (S3Client client = server.client()) {
      PutObjectResponse ignored =
          client.putObject(
              request -> request.bucket(bucket).key("photos/copied.jpg"),
              RequestBody.fromString("pixel"));
    }
    assertEquals(tag(KEY), tag("photos/copied.jpg"));
  }

  @Test
  void aMissingBucketIsNotAMissingBlob() {
    try (S3Store nowhere = store("no-such-bucket", S3Server.SECRET_KEY)) {
      StoreRefusedException e =
          assertThrows(StoreRefusedException.class, () -> nowhere.open(KEY).close());
      assertEquals("The file store refuses access: 404 NoSuchBucket.", e.getMessage());
      assertThrows(StoreRefusedException.class, nowhere::check);
      assertThrows(StoreRefusedException.class, () -> nowhere.write(KEY, out -> out.write(1)));
    }
  }

  @Test
  void wrongCredentialsAreRefusedWithoutTheirSecretInAnyMessage() {
    try (S3Store stranger = store(bucket, "another-secret")) {
      for (Executable call :
          new Executable[] {
            () -> stranger.open(KEY).close(),
            () -> stranger.delete(KEY),
            () -> stranger.write(KEY, out -> out.write(1)),
            stranger::check
          }) {
        StoreRefusedException e = assertThrows(StoreRefusedException.class, call);
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
          assertFalse(cause.toString().contains("another-secret"), cause::toString);
        }
      }
    }
  }

  @Test
  void aStoreThatIsDownIsUnavailableAndWorksAgainAfterwards() throws Exception {
    write(KEY, "pixel");
    Blob opened = store.open(KEY);
    server.stop();
    try (opened) {
      assertTimeoutPreemptively(
          Duration.ofSeconds(20),
          () -> {
            assertThrows(UnavailableException.class, () -> read(KEY));
            assertThrows(UnavailableException.class, () -> write(KEY, "voxel"));
            assertThrows(UnavailableException.class, () -> store.delete(KEY));
            assertThrows(UnavailableException.class, store::check);
            assertThrows(UnavailableException.class, opened::bytes);
          });
    } finally {
      server.start();
    }
    assertEquals("pixel", read(KEY));
    store.check();
    write(KEY, "voxel");
    assertEquals("voxel", read(KEY));
  }

  @Test
  void noCallWaitsLongForAStoreThatDoesNotRespond() throws Exception {
    store.write(KEY, out -> out.write(new byte[100_000]));
    server.freeze();
    try {
      CompletableFuture<Void> calls =
          CompletableFuture.allOf(
              fails(() -> read(KEY)),
              fails(() -> store.write(KEY, out -> out.write(new byte[3_000_000]))),
              fails(() -> store.delete("photos/other")),
              fails(store::check));
      assertTimeoutPreemptively(Duration.ofSeconds(30), calls::join);
    } finally {
      server.thaw();
    }
    store.check();
    assertFalse(Thread.interrupted());
  }

  private static CompletableFuture<Void> fails(Executable call) {
    return CompletableFuture.runAsync(
        () -> {
          UnavailableException ignored = assertThrows(UnavailableException.class, call);
          if (Thread.interrupted()) {
            throw new CompletionException("the thread was left interrupted", ignored);
          }
        },
        task -> new Thread(task).start());
  }
}
