package devfest.studio;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;

/**
 * A real S3 server (S3Proxy) in its own process, which tests stop, freeze and start again. It keeps
 * objects in a directory and checks signatures.
 */
public final class S3Server implements Closeable {

  public static final String ACCESS_KEY = "studio";
  public static final String SECRET_KEY = "the-secret-key-of-the-tests";

  private final Path dir;
  private final int port;
  private Process process;

  private S3Server(Path dir, int port) {
    this.dir = dir;
    this.port = port;
  }

  /** Starts a server without buckets. */
  public static S3Server start(Path dir) throws IOException {
    S3Server server = new S3Server(dir, Server.freePort());
    server.start();
    return server;
  }

  /** Starts the server, again at its port and with its objects. */
  public void start() throws IOException {
    Path settings = dir.resolve("s3.properties");
    Files.writeString(
        settings,
        String.join(
            "\n",
            "s3proxy.endpoint=http://127.0.0.1:" + port,
            "s3proxy.authorization=aws-v4",
            "s3proxy.identity=" + ACCESS_KEY,
            "s3proxy.credential=" + SECRET_KEY,
            "jclouds.provider=filesystem-nio2",
            "jclouds.filesystem.basedir=" + Files.createDirectories(dir.resolve("buckets"))));
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                "target/s3proxy.jar",
                "--properties",
                settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(dir.resolve("s3.log").toFile()))
            .start();
    Awaitility.await()
        .ignoreExceptions()
        .until(
            () -> {
              new Socket(InetAddress.getLoopbackAddress(), port).close();
              return true;
            });
  }

  /** Creates an empty bucket. */
  public void create(String bucket) throws IOException {
    Files.createDirectories(dir.resolve("buckets").resolve(bucket));
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** The settings of a studio that uses a bucket. */
  public List<String> settings(String bucket) {
    return List.of(
        "studio.storage=s3",
        "studio.s3.endpoint=" + endpoint(),
        "studio.s3.bucket=" + bucket,
        "studio.s3.access-key=" + ACCESS_KEY,
        "studio.s3.secret-key=" + SECRET_KEY);
  }

  /** A client other than the studio. */
  public S3Client client() {
    return S3Client.builder()
        .httpClient(UrlConnectionHttpClient.create())
        .region(Region.US_EAST_1)
        .endpointOverride(endpoint())
        .forcePathStyle(true)
        // The server does not support checksums in trailers.
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        .serviceConfiguration(S3Configuration.builder().chunkedEncodingEnabled(false).build())
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY)))
        .build();
  }

  /** Ends the process; its objects remain. */
  public void stop() {
    process.destroyForcibly().onExit().join();
  }

  /** Stops the process from responding, while its connections stay open. */
  public void freeze() throws Exception {
    signal("STOP");
  }

  public void thaw() throws Exception {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    int status =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    if (status != 0) {
      throw new IOException("kill returned " + status);
    }
  }

  @Override
  public void close() {
    stop();
  }
}
