package devfest.studio.blobs;

import devfest.studio.base.UnavailableException;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * Stores blobs as objects in an S3 bucket; the key of the object is the key of the blob. Every call
 * has a deadline and at most {@value #MAX_ATTEMPTS} attempts.
 */
public final class S3Store implements BlobStore, Closeable {

  /** A host in the same region or rack connects within milliseconds. */
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

  /** How long a response may pause. */
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);

  /** Time for one attempt at a call without a body; S3 responds within a second. */
  private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(4);

  /** The slowest useful upload to the store, in bytes per second. */
  private static final long MIN_BYTES_PER_SECOND = 1024 * 1024;

  /** A second attempt covers a closed connection, a third one a throttled request. */
  private static final int MAX_ATTEMPTS = 3;

  private static final BackoffStrategy BACKOFF =
      BackoffStrategy.exponentialDelay(Duration.ofMillis(50), Duration.ofSeconds(1));

  /** Encoders write a few bytes per call; the buffer combines them into large writes. */
  private static final int BUFFER = 64 * 1024;

  /** The object that {@link #check} writes. */
  private static final String PROBE = "unfinished/probe";

  /**
   * Metadata that contains the tag, because the entity tag of an object is not always the MD5 of
   * its content, for example if the bucket is encrypted with a key of KMS.
   */
  private static final String TAG = "md5";

  private final S3Client client;
  private final String bucket;
  private final Spool spool;

  /** Whether the last write succeeded. */
  private volatile boolean writable;

  public S3Store(StorageSettings.S3 settings, Spool spool) {
    this.client = client(settings);
    this.bucket = settings.bucket();
    this.spool = spool;
  }

  private static S3Client client(StorageSettings.S3 settings) {
    ProfileFile none = ProfileFile.aggregator().build();
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClient(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(CONNECT_TIMEOUT)
                    .socketTimeout(READ_TIMEOUT)
                    .build())
            .region(Region.of(settings.region()))
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(settings.accessKey(), settings.secretKey())))
            .forcePathStyle(settings.pathStyle())
            // Other stores than AWS do not all support checksums in trailers or chunked signatures.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .serviceConfiguration(
                S3Configuration.builder()
                    .chunkedEncodingEnabled(false)
                    .expectContinueEnabled(false)
                    .profileFile(() -> none)
                    .build())
            .overrideConfiguration(
                each ->
                    each.defaultProfileFileSupplier(() -> none) // not those of the user's AWS tools
                        .apiCallAttemptTimeout(ATTEMPT_TIMEOUT)
                        .apiCallTimeout(ATTEMPT_TIMEOUT.multipliedBy(2))
                        .retryStrategy(
                            AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .maxAttempts(MAX_ATTEMPTS)
                                .backoffStrategy(BACKOFF)
                                .throttlingBackoffStrategy(BACKOFF)
                                .build()));
    settings.endpoint().ifPresent(builder::endpointOverride);
    return builder.build();
  }

  /** Writes a spool file first, because a request needs the length and the digest of its body. */
  @Override
  public long write(String key, Content content) throws IOException {
    Keys.check(key);
    try (Spool.Spooled file = spool.file()) {
      MessageDigest digest = ContentDigest.create();
      try (OutputStream out =
          new BufferedOutputStream(new DigestOutputStream(file.write(), digest), BUFFER)) {
        content.writeTo(out);
      }
      long size = Files.size(file.path());
      put(key, RequestBody.fromFile(file.path()), size, digest.digest());
      return size;
    }
  }

  private void put(String key, RequestBody body, long size, byte[] digest) throws IOException {
    Duration timeout = ATTEMPT_TIMEOUT.plusSeconds(size / MIN_BYTES_PER_SECOND);
    try {
      PutObjectResponse ignored =
          client.putObject(
              request ->
                  request
                      .bucket(bucket)
                      .key(key)
                      .contentMD5(Base64.getEncoder().encodeToString(digest))
                      .metadata(Map.of(TAG, ContentDigest.tag(digest)))
                      .overrideConfiguration(
                          limits ->
                              limits
                                  .apiCallAttemptTimeout(timeout)
                                  .apiCallTimeout(timeout.multipliedBy(2))),
              body);
      writable = true;
    } catch (SdkException e) {
      writable = false;
      throw failure(key, e);
    }
  }

  @Override
  public Blob open(String key) throws IOException {
    Keys.check(key);
    try {
      return new S3Blob(key, client.headObject(request -> request.bucket(bucket).key(key)));
    } catch (AwsServiceException e) {
      if (e.statusCode() == 404) { // has no body, which would name the object or the bucket
        get(key, request -> request).close();
      }
      throw failure(key, e);
    } catch (SdkException e) {
      throw failure(key, e);
    }
  }

  private ResponseInputStream<GetObjectResponse> get(
      String key, UnaryOperator<GetObjectRequest.Builder> conditions) throws IOException {
    try {
      return client.getObject(
          conditions.apply(GetObjectRequest.builder().bucket(bucket).key(key)).build());
    } catch (SdkException e) {
      throw failure(key, e);
    }
  }

  @Override
  public void delete(String key) throws IOException {
    Keys.check(key);
    try {
      DeleteObjectResponse ignored =
          client.deleteObject(request -> request.bucket(bucket).key(key));
    } catch (SdkException e) {
      IOException failure = failure(key, e);
      if (!(failure instanceof NoSuchFileException)) {
        throw failure;
      }
    }
  }

  /**
   * Writes an object if the last write failed, else only requests it: in a bucket that keeps old
   * versions, regular writes would add up.
   */
  @Override
  public void check() throws IOException {
    spool.check();
    if (writable) {
      try {
        open(PROBE).close();
        return;
      } catch (NoSuchFileException e) {
        // another tool has deleted it, for example a rule of the bucket
      }
    }
    byte[] content = {1};
    put(
        PROBE,
        RequestBody.fromBytes(content),
        content.length,
        ContentDigest.create().digest(content));
  }

  private static IOException failure(String key, SdkException e) {
    if (!(e instanceof AwsServiceException response)) {
      return new UnavailableException("The file store does not respond.", e);
    }
    if (response instanceof NoSuchKeyException) {
      NoSuchFileException missing = new NoSuchFileException(key);
      missing.initCause(e);
      return missing;
    }
    int status = response.statusCode();
    if (status == 412) {
      return new UnavailableException("The file was replaced while it was being read.", e);
    }
    if (status == 408 || status == 409 || status == 429 || status >= 500) {
      return new UnavailableException("The file store is overloaded or down.", e);
    }
    AwsErrorDetails details = response.awsErrorDetails();
    String code = details == null || details.errorCode() == null ? "" : details.errorCode();
    return new StoreRefusedException(
        "The file store refuses access: %d %s".formatted(status, code).strip() + ".", e);
  }

  @Override
  public void close() {
    client.close();
  }

  /** An object, at the version that it had when it was opened. */
  private final class S3Blob implements Blob {

    private final String key;
    private final HeadObjectResponse head;

    S3Blob(String key, HeadObjectResponse head) {
      this.key = key;
      this.head = head;
    }

    @Override
    public long size() {
      return head.contentLength();
    }

    /** Objects that another tool has copied into the bucket may lack the metadata. */
    @Override
    public String tag() {
      return Optional.ofNullable(head.metadata().get(TAG))
          .orElseGet(() -> head.eTag().replace("\"", ""));
    }

    @Override
    public InputStream read(long first, long length) throws IOException {
      if (length == 0) {
        return InputStream.nullInputStream();
      }
      String range = "bytes=" + first + "-" + (first + length - 1);
      return new Range(get(key, request -> request.ifMatch(head.eTag()).range(range)), length);
    }

    @Override
    public void close() {
      // only ranges have connections
    }
  }

  /** The body of a response. */
  private static final class Range extends FilterInputStream {

    private final ResponseInputStream<GetObjectResponse> body;
    private long left;

    Range(ResponseInputStream<GetObjectResponse> body, long length) {
      super(body);
      this.body = body;
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int n;
      try {
        n = super.read(target, offset, length);
      } catch (IOException | SdkException e) {
        throw new UnavailableException("The file store stopped responding.", e);
      }
      if (n < 0 && left > 0) {
        throw new UnavailableException("The file store closed the connection.", null);
      }
      left -= Math.max(0, n);
      return n;
    }

    /** Reads, so that the skipped bytes are counted. */
    @Override
    public long skip(long count) throws IOException {
      return Math.max(0, read(new byte[(int) Math.max(0, Math.min(count, BUFFER))]));
    }

    /** Reuses the connection only if the body was read to its end. */
    @Override
    public void close() throws IOException {
      if (left > 0) {
        body.abort();
      } else {
        body.close();
      }
    }
  }
}
