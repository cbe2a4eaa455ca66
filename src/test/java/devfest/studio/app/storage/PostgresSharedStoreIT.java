package devfest.studio.app.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import devfest.studio.S3Server;
import devfest.studio.base.UnavailableException;
import devfest.studio.blobs.Blob;
import devfest.studio.blobs.BlobStore;
import devfest.studio.blobs.S3Store;
import devfest.studio.blobs.Spool;
import devfest.studio.blobs.StorageSettings;
import devfest.studio.http.Outage;
import devfest.studio.log.Database;
import devfest.studio.settings.DataSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

class PostgresSharedStoreIT extends SharedStoreContract {

  @Override
  Database database() {
    return Database.postgres();
  }

  private static String tag(BlobStore store) throws IOException {
    try (Blob blob = store.open(KEY)) {
      return blob.tag();
    }
  }

  @Test
  void aDirectoryCopiedToABucketIsTheStoreOfTheDatabase() throws Exception {
    SharedStore disk = node("data");
    write(disk);
    String tag = tag(disk);
    try (S3Server server = S3Server.start(dir)) {
      server.create("pictures");
      StorageSettings.S3 settings =
          new StorageSettings.S3(
              Optional.of(server.endpoint()),
              "us-east-1",
              "pictures",
              S3Server.ACCESS_KEY,
              S3Server.SECRET_KEY,
              true);
      try (S3Store bucket =
          new S3Store(settings, new Spool(new DataSettings(dir.resolve("node"))))) {
        assertThrows(UnavailableException.class, node(bucket)::check, "not copied yet");
        Outage.STORE.end();
        try (S3Client client = server.client()) {
          for (Path file : files(dir.resolve("data"))) {
            String key = dir.resolve("data").relativize(file).toString();
            PutObjectResponse ignored =
                client.putObject(request -> request.bucket("pictures").key(key), file);
          }
        }
        SharedStore moved = node(bucket);
        moved.check();
        assertEquals("pixel", read(moved, KEY));
        assertEquals(tag, tag(moved));
      }
    }
  }

  private static List<Path> files(Path dir) throws IOException {
    try (Stream<Path> files = Files.walk(dir)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
