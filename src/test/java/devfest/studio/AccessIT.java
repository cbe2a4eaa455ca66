package devfest.studio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.AccessTable.Identity;
import devfest.studio.AccessTable.Row;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every endpoint with every identity, against the table in {@code access.txt}. */
@ExtendWith(SharedServer.class)
class AccessIT {

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Mappings of the servers' own servlets: static files, and JSP, of which there are none. */
  private static final Set<String> CONTAINER = Set.of("/", "*.jsp", "*.jspx", "*.xhtml");

  /** Mappings of Payara's own endpoints, which {@code payara-config} closes. */
  private static final Set<String> PAYARA = Set.of("/metrics/*", "/openapi/*");

  /** What would register an endpoint in a library. */
  private static final List<String> REGISTERING =
      List.of(
          "Ljakarta/ws/rs/Path;",
          "Ljakarta/ws/rs/ApplicationPath;",
          "Ljakarta/servlet/annotation/WebServlet;",
          "Ljakarta/servlet/annotation/WebFilter;",
          "Ljakarta/servlet/annotation/WebListener;",
          "Ljakarta/websocket/server/ServerEndpoint;",
          "jakarta/websocket/server/ServerApplicationConfig",
          "jakarta/servlet/ServletContainerInitializer");

  /** Undertow refuses TRACE before the studio can add a body and headers; see EndsIT. */
  private static final List<String> METHODS =
      Server.onWildFly()
          ? List.of("GET", "POST", "PUT", "PATCH", "DELETE", "PROPFIND")
          : List.of("GET", "POST", "PUT", "PATCH", "DELETE", "PROPFIND", "TRACE");

  @TempDir static Path dir;

  /** Without access for anonymous clients; {@link SharedServer} has it. */
  private static Server server;

  private static AccessWorld closed;
  private static AccessWorld open;

  @BeforeAll
  static void start() throws IOException {
    server =
        Server.start(
            Server.Launch.at(Server.freePort()).war(withRegistrations()),
            dir,
            "studio.dev-mode=true",
            "studio.guests=on",
            "studio.stream.heartbeat=PT1S",
            "studio.github.webhook-secret=" + SharedServer.HOOK_SECRET);
    closed = new AccessWorld(server.base());
    open = new AccessWorld(SharedServer.base());
  }

  /** A copy of the WAR with a servlet that lists the servlets. */
  private static Path withRegistrations() throws IOException {
    Path copy = Files.createDirectory(dir.resolve("war")).resolve("studio.war");
    Files.copy(Path.of("target/devfest-studio.war"), copy, StandardCopyOption.REPLACE_EXISTING);
    try (FileSystem war = FileSystems.newFileSystem(copy)) {
      String name = Registrations.class.getName().replace('.', '/') + ".class";
      Files.copy(
          Path.of("target/test-classes", name), war.getPath("WEB-INF", "classes").resolve(name));
    }
    return copy;
  }

  @AfterAll
  static void stop() throws IOException {
    open.close();
    closed.close();
    String log = server.log();
    server.close();
    closed.tokens().forEach(token -> assertFalse(log.contains(token), "a token is in the log"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:4848/", "http://localhost/", "http://[::1]/x"})
  void aWebhookCannotReachWhatIsBehindTheStudio(String url) {
    Client alice = Client.of(server.base(), "alice-" + UUID.randomUUID());
    Client.Reply refused = alice.post("/api/v1/webhooks", "{\"url\":\"" + url + "\"}");
    assertEquals(400, refused.status());
    assertTrue(refused.json().getString("detail").contains("not on the public internet"));
    String id =
        alice
            .post("/api/v1/webhooks", "{\"url\":\"https://hooks.example.org/\"}")
            .data()
            .getString("webhookId");
    String body = "{\"url\":\"" + url + "\"}";
    assertEquals(400, alice.patch("/api/v1/webhooks/" + id, body).status());
  }

  static List<Row> rows() {
    return AccessTable.rows();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void eachIdentityGetsTheStatusOfTheTable(Row row) {
    List<Identity> order =
        Arrays.stream(Identity.values())
            .sorted(Comparator.comparing(who -> row.statuses().get(who) < 400))
            .toList();
    List<String> faults = new ArrayList<>();
    if (AccessWorld.endsAlice(row)) { // a user with little is erased while the request waits
      closed.renew(row);
    }
    for (Identity who : order) {
      int expected = row.statuses().get(who);
      AccessWorld world = who == Identity.PUBLIC ? open : closed;
      String path = world.fill(row, row.path());
      check(row, who, expected, path, row.method(), world, faults);
      if (row.method().equals("GET")) {
        check(row, who, expected, path, "HEAD", world, faults);
      } else if (expected < 400) {
        world.renew(row);
      }
    }
    assertEquals(List.of(), faults);
  }

  private static void check(
      Row row,
      Identity who,
      int expected,
      String path,
      String method,
      AccessWorld world,
      List<String> faults) {
    Client client = world.client(who);
    try {
      if (method.equals(Endpoints.SOCKET)) {
        assertEquals(expected, handshake(client, path));
        return;
      }
      HttpResponse<byte[]> answer = sendInTurn(() -> request(row, client, path, method, world));
      assertEquals(expected, answer.statusCode(), () -> new String(answer.body(), UTF_8));
      if (who != Identity.ALICE && who != Identity.ADMIN) {
        checkNothingLeaks(row, path, answer, world);
      }
    } catch (AssertionError e) {
      faults.add(method + " as " + who + ": " + e.getMessage());
    }
  }

  /** The path and the body of a request contain ids, which a problem may repeat. */
  private static void checkNothingLeaks(
      Row row, String path, HttpResponse<byte[]> answer, AccessWorld world) {
    String text = answer.headers().map() + new String(answer.body(), UTF_8);
    for (String id : world.hidden()) {
      assertTrue(
          path.contains(id) || world.fill(row, row.body()).contains(id) || !text.contains(id),
          () -> "it contains " + id + ": " + text);
    }
  }

  private static HttpRequest request(
      Row row, Client client, String path, String method, AccessWorld world) {
    HttpRequest.Builder request = client.request(path);
    String body = row.body();
    if (body.isEmpty() || method.equals("HEAD")) {
      return request.method(method, HttpRequest.BodyPublishers.noBody()).build();
    }
    return switch (body) {
      case "@photo" -> Multipart.of(request, "photo.jpg", AccessWorld.photo());
      case "@logo" ->
          request
              .header("Content-Type", "image/png")
              .method(method, HttpRequest.BodyPublishers.ofByteArray(AccessWorld.logo()))
              .build();
      case "@archive" -> Multipart.of(request, "photos.zip", AccessWorld.archive());
      case "@delivery" -> delivery(request, world.secret(path));
      case "@forgery" -> delivery(request, "not " + world.secret(path));
      default ->
          request
              .header("Content-Type", "application/json")
              .method(method, HttpRequest.BodyPublishers.ofString(world.fill(row, body)))
              .build();
    };
  }

  private static HttpRequest delivery(HttpRequest.Builder request, String secret) {
    byte[] payload = Hooks.documented().get("ping").toString().getBytes(UTF_8);
    return request
        .header("Content-Type", "application/json")
        .header("X-GitHub-Event", "ping")
        .header("X-GitHub-Delivery", UUID.randomUUID().toString())
        .header("X-Hub-Signature-256", Hooks.sign(secret, payload))
        .POST(HttpRequest.BodyPublishers.ofByteArray(payload))
        .build();
  }

  /**
   * Sends the request again while the assistant still answers the previous prompt of the user: it
   * finds out only when it writes that the client has closed the stream.
   */
  private static HttpResponse<byte[]> sendInTurn(Supplier<HttpRequest> request) {
    return await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> send(request.get()),
            answer -> !new String(answer.body(), UTF_8).contains("\"one_at_a_time\""));
  }

  /** Sends the request and checks the answer; a stream is closed after its first bytes. */
  private static HttpResponse<byte[]> send(HttpRequest request) {
    HttpResponse<byte[]> response;
    try {
      response =
          HTTP.send(
              request,
              info ->
                  info.headers()
                          .firstValue("Content-Type")
                          .orElse("")
                          .startsWith("text/event-stream")
                      ? new FirstBytes()
                      : HttpResponse.BodySubscribers.ofByteArray());
    } catch (IOException e) {
      throw new AssertionError(e.toString(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    Documents.check(request, response);
    assertEquals("nosniff", header(response, "X-Content-Type-Options"));
    assertFalse(header(response, "Content-Security-Policy").isEmpty());
    if (response.statusCode() >= 400 && !request.method().equals("HEAD")) {
      checkProblem(response);
    }
    return response;
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  private static void checkProblem(HttpResponse<byte[]> response) {
    String text = new String(response.body(), UTF_8);
    assertEquals(
        "application/problem+json",
        header(response, "Content-Type").replaceFirst("\\s*;.*", ""),
        text);
    JsonObject problem = TestJson.json(text);
    assertEquals(response.statusCode(), problem.getInt("status"), text);
    assertEquals(false, problem.getBoolean("success"), text);
    assertTrue(problem.keySet().containsAll(Set.of("type", "title", "detail", "instance")), text);
    assertTrue(!problem.getJsonObject("error").getString("code").isEmpty(), text);
    assertTrue(!problem.getJsonObject("error").getString("message").isEmpty(), text);
  }

  private static int handshake(Client client, String path) {
    String[] headers =
        client.token() == null
            ? new String[0]
            : new String[] {"Authorization", "Bearer " + client.token()};
    try (Socket socket = Socket.open(client.uri(path), headers)) {
      String first = socket.next();
      assertTrue(first.startsWith("{"), first);
      return 101;
    } catch (CompletionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        return refused.getResponse().statusCode();
      }
      throw e;
    }
  }

  @Test
  void theServerRegistersNoServletBesidesTheTable() throws IOException {
    Client.Reply reply = Client.anonymous(server.base()).get(Registrations.PATH);
    assertEquals(200, reply.status());
    Set<String> known = new TreeSet<>(CONTAINER);
    known.addAll(PAYARA);
    known.add("/api/v1/*");
    known.add(Registrations.PATH);
    known.addAll(Endpoints.of(Endpoints.classes()).paths());
    known.addAll(folders()); // app.page.Directories answers 404 there
    Set<String> mappings =
        new String(reply.bytes(), UTF_8)
            .lines()
            .map(mapping -> mapping.isEmpty() ? "/" : mapping)
            .filter(mapping -> !mapping.equals("/webjars") && !mapping.startsWith("/webjars/"))
            .collect(Collectors.toCollection(TreeSet::new));
    assertTrue(
        mappings.contains("/api/v1/*") && mappings.contains("/uploads/*"), mappings::toString);
    mappings.removeAll(known);
    assertEquals(Set.of(), mappings);
  }

  /** The folders of the WAR, as the mappings of servlets have them. */
  private static Set<String> folders() throws IOException {
    try (ZipFile war = new ZipFile("target/devfest-studio.war")) {
      return war.stream()
          .map(entry -> Path.of("/" + entry.getName()))
          .flatMap(path -> Stream.iterate(path.getParent(), Objects::nonNull, Path::getParent))
          .map(Path::toString)
          .collect(Collectors.toSet());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/client/",
        "/webjars/",
        "/webjars/swagger-ui/",
        "/uploads/",
        "/WEB-INF/",
        "/META-INF/"
      })
  void noFolderIsListed(String path) {
    Client.Reply answer = closed.client(Identity.ANONYMOUS).get(path);
    assertTrue(Set.of(403, 404).contains(answer.status()), () -> path + answer.status());
    assertEquals(answer.status(), answer.json().getInt("status"));
  }

  static Set<String> paths() throws IOException {
    return Endpoints.of(Endpoints.classes()).paths();
  }

  /** So the table has every method that the server serves, whatever a framework may add. */
  @ParameterizedTest
  @MethodSource("paths")
  void noMethodBesidesTheTableIsServed(String path) throws IOException {
    Set<String> known = Endpoints.of(Endpoints.classes()).matching(path);
    String location = path.replace("{}", "x").replace("*", "x");
    List<String> faults = new ArrayList<>();
    for (String method : METHODS) {
      if (known.contains(method) || known.contains(Endpoints.SOCKET)) {
        continue;
      }
      HttpRequest request =
          closed
              .client(Identity.ADMIN)
              .request(location)
              .method(method, HttpRequest.BodyPublishers.noBody())
              .build();
      try {
        int status = send(request).statusCode();
        if (status != 405) {
          faults.add(method + " is " + status);
        }
      } catch (AssertionError e) {
        faults.add(method + ": " + e.getMessage());
      }
    }
    assertEquals(List.of(), faults);
  }

  static List<String> resources() throws IOException {
    Endpoints endpoints = Endpoints.of(Endpoints.classes());
    return endpoints.paths().stream()
        .filter(path -> path.startsWith("/api/v1/"))
        .filter(path -> !endpoints.of(path).contains(Endpoints.SOCKET))
        .toList();
  }

  /** The running server's own answer, from the resource methods that it has found. */
  @ParameterizedTest
  @MethodSource("resources")
  void theServerHasTheMethodsOfTheTable(String path) throws IOException {
    Endpoints endpoints = Endpoints.of(Endpoints.classes());
    HttpRequest request =
        closed
            .client(Identity.ANONYMOUS)
            .request(path.replace("{}", "x"))
            .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
            .build();
    HttpResponse<byte[]> answer = send(request);
    assertTrue(Set.of(200, 204).contains(answer.statusCode()), () -> "" + answer.statusCode());
    Set<String> allowed =
        answer.headers().allValues("Allow").stream()
            .flatMap(line -> Stream.of(line.split("\\s*,\\s*")))
            .collect(Collectors.toCollection(TreeSet::new));
    assertTrue(allowed.containsAll(endpoints.of(path)), allowed::toString);
    allowed.removeAll(Set.of("HEAD", "OPTIONS"));
    allowed.removeAll(endpoints.matching(path));
    assertEquals(Set.of(), allowed);
  }

  /** Servers look for endpoints in all libraries of a WAR. */
  @Test
  void noLibraryRegistersAnEndpoint() throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> jars = Files.list(Path.of("target/devfest-studio/WEB-INF/lib"))) {
      for (Path jar : jars.toList()) {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
          for (ZipEntry entry : zip.stream().toList()) {
            if (registers(zip, entry)) {
              found.add(jar.getFileName() + " " + entry.getName());
            }
          }
        }
      }
    }
    assertEquals(List.of(), found);
  }

  private static boolean registers(ZipFile zip, ZipEntry entry) throws IOException {
    String name = entry.getName();
    if (name.equals("META-INF/web-fragment.xml")
        || name.startsWith("META-INF/services/jakarta.servlet.")) {
      return true;
    }
    if (!name.endsWith(".class")) {
      return false;
    }
    try (InputStream in = zip.getInputStream(entry)) {
      String constants =
          new String(in.readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
      return REGISTERING.stream().anyMatch(constants::contains);
    }
  }

  /** Takes the first bytes of a body and closes the connection. */
  private static final class FirstBytes implements HttpResponse.BodySubscriber<byte[]> {

    private final CompletableFuture<byte[]> first = new CompletableFuture<>();
    private Flow.Subscription subscription;

    @Override
    public CompletionStage<byte[]> getBody() {
      return first;
    }

    @Override
    public void onSubscribe(Flow.Subscription body) {
      subscription = body;
      body.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      ByteBuffer buffer = buffers.get(0);
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      boolean ignored = first.complete(bytes);
      subscription.cancel();
    }

    @Override
    public void onError(Throwable fault) {
      boolean ignored = first.completeExceptionally(fault);
    }

    @Override
    public void onComplete() {
      boolean ignored = first.complete(new byte[0]);
    }
  }

  /** A form with one file. */
  private static final class Multipart {

    private static final String BOUNDARY = "studio-test-boundary";

    static HttpRequest of(HttpRequest.Builder request, String name, byte[] file) {
      String head =
          "--"
              + BOUNDARY
              + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\""
              + name
              + "\"\r\nContent-Type: application/octet-stream\r\n\r\n";
      return request
          .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
          .POST(
              HttpRequest.BodyPublishers.ofByteArrays(
                  List.of(
                      head.getBytes(UTF_8),
                      file,
                      ("\r\n--" + BOUNDARY + "--\r\n").getBytes(UTF_8))))
          .build();
    }
  }
}
