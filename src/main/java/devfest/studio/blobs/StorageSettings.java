package devfest.studio.blobs;

import devfest.studio.settings.Values;
import java.net.URI;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Settings of the blob store.
 *
 * @param s3 the S3 bucket that stores blobs; empty if the data directory does
 */
public record StorageSettings(Optional<S3> s3) {

  /**
   * A bucket and how to access it.
   *
   * @param endpoint address of the S3 service; empty for the service of AWS in the region
   * @param pathStyle whether the bucket is in the path of URLs instead of the host name
   */
  public record S3(
      Optional<URI> endpoint,
      String region,
      String bucket,
      String accessKey,
      String secretKey,
      boolean pathStyle) {

    /** Leaves out the keys, so that no log contains them. */
    @Override
    public String toString() {
      return "bucket " + bucket + " at " + endpoint.map(URI::toString).orElse("AWS " + region);
    }
  }

  public static StorageSettings from(Values values) {
    boolean onS3 = values.choice("studio.storage", "disk", "disk", "s3").equals("s3");
    Optional<String> endpoint = values.url("studio.s3.endpoint");
    String region = values.text("studio.s3.region", "us-east-1");
    Optional<String> bucket = values.text("studio.s3.bucket");
    Optional<String> accessKey = values.secret("studio.s3.access-key");
    Optional<String> secretKey = values.secret("studio.s3.secret-key");
    boolean pathStyle = values.flag("studio.s3.path-style", true);
    if (!onS3) {
      return new StorageSettings(Optional.empty());
    }
    if (Stream.of(bucket, accessKey, secretKey).anyMatch(Optional::isEmpty)) {
      values.fault(
          "If studio.storage is s3, then studio.s3.bucket, studio.s3.access-key and"
              + " studio.s3.secret-key must be set.");
    }
    return new StorageSettings(
        Optional.of(
            new S3(
                endpoint.map(URI::create),
                region,
                bucket.orElse(""),
                accessKey.orElse(""),
                secretKey.orElse(""),
                pathStyle)));
  }
}
