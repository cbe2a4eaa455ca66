package devfest.studio;

import devfest.studio.app.http.Sockets;
import devfest.studio.app.legacy.Literals;
import devfest.studio.app.start.StudioApplication;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.websocket.Endpoint;
import jakarta.websocket.server.ServerApplicationConfig;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.HttpMethod;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the application registers for clients, read from its compiled classes and its WAR. */
public final class Endpoints {

  /** The method of a WebSocket handshake in this list and in the table. */
  static final String SOCKET = "WS";

  private static final Path CLASSES = Path.of("target/classes");
  private static final Path WEBAPP = Path.of("target/devfest-studio");

  /** The one folder of static files in libraries (Servlet 6.0 § 4.6). */
  private static final String LIBRARIES = "/webjars/*";

  /** Methods by path; the name of a path variable does not matter and is left out. */
  private final Map<String, Set<String>> methods = new TreeMap<>();

  private Endpoints() {}

  static Endpoints of(List<Class<?>> classes) throws IOException {
    Endpoints all = new Endpoints();
    for (Class<?> type : classes) {
      all.addResource(type);
      all.addServlet(type);
      all.addSockets(type);
    }
    Literals.all().forEach((path, names) -> names.forEach(name -> all.add(name, path)));
    Literals.aliases()
        .forEach((path, canonical) -> all.of(canonical).forEach(name -> all.add(name, path)));
    try (Stream<Path> folders = Files.list(WEBAPP)) {
      folders
          .map(folder -> folder.getFileName().toString())
          .filter(name -> !name.endsWith("-INF"))
          .forEach(
              name ->
                  all.add(
                      "GET",
                      Files.isDirectory(WEBAPP.resolve(name)) ? "/" + name + "/*" : "/" + name));
    }
    all.add("GET", LIBRARIES);
    return all;
  }

  /** All classes of the application. */
  public static List<Class<?>> classes() throws IOException {
    try (Stream<Path> files = Files.walk(CLASSES)) {
      return files
          .map(file -> CLASSES.relativize(file).toString())
          .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
          .<Class<?>>map(name -> load(name.replaceFirst("\\.class$", "").replace('/', '.')))
          .toList();
    }
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, Endpoints.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private void add(String method, String path) {
    methods.computeIfAbsent(normal(path), p -> new TreeSet<>()).add(method);
  }

  private void addResource(Class<?> type) {
    jakarta.ws.rs.Path root = type.getAnnotation(jakarta.ws.rs.Path.class);
    if (root == null) {
      return;
    }
    String base = StudioApplication.class.getAnnotation(ApplicationPath.class).value();
    for (Method method : type.getMethods()) {
      jakarta.ws.rs.Path path = method.getAnnotation(jakarta.ws.rs.Path.class);
      String full = join(base, root.value(), path == null ? "" : path.value());
      List<String> verbs =
          Arrays.stream(method.getAnnotations())
              .map(annotation -> annotation.annotationType().getAnnotation(HttpMethod.class))
              .filter(verb -> verb != null)
              .map(HttpMethod::value)
              .toList();
      verbs.forEach(verb -> add(verb, full));
      if (path != null && verbs.isEmpty()) {
        throw new IllegalStateException(method + " locates a resource that this list cannot see");
      }
    }
  }

  private static String join(String... parts) {
    return Arrays.stream(parts)
        .map(part -> part.replaceAll("^/|/$", ""))
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining("/", "/", ""));
  }

  /** A servlet serves the methods for which it overrides a method of {@link HttpServlet}. */
  private void addServlet(Class<?> type) {
    WebServlet servlet = type.getAnnotation(WebServlet.class);
    if (servlet == null) {
      return;
    }
    Set<String> names =
        Arrays.stream(type.getDeclaredMethods())
            .filter(method -> !Modifier.isStatic(method.getModifiers()))
            .map(Method::getName)
            .collect(Collectors.toSet());
    for (String pattern : concat(servlet.value(), servlet.urlPatterns())) {
      for (String verb : List.of("Get", "Post", "Put", "Delete")) {
        if (names.contains("do" + verb) || names.contains("service")) {
          add(verb.toUpperCase(java.util.Locale.ROOT), pattern.isEmpty() ? "/" : pattern);
        }
      }
    }
  }

  private static List<String> concat(String[] first, String[] second) {
    return Stream.of(first, second).flatMap(Arrays::stream).toList();
  }

  private void addSockets(Class<?> type) {
    if (type.isAnnotationPresent(ServerEndpoint.class)) {
      add(SOCKET, type.getAnnotation(ServerEndpoint.class).value());
    }
    if (ServerApplicationConfig.class.isAssignableFrom(type)) {
      Set<Class<? extends Endpoint>> none = Set.of();
      new Sockets().getEndpointConfigs(none).forEach(config -> add(SOCKET, config.getPath()));
      if (type != Sockets.class) {
        throw new IllegalStateException(type + " registers WebSockets that this list cannot see");
      }
    }
  }

  private static String normal(String path) {
    return path.replaceAll("\\{[^/}]*}", "{}");
  }

  /** The registered paths; {@code {}} is a variable and a final {@code *} any rest. */
  Set<String> paths() {
    return methods.keySet();
  }

  /** The methods of a registered path. */
  Set<String> of(String path) {
    return methods.getOrDefault(normal(path), Set.of());
  }

  /**
   * The methods that a request at a path can reach: those of the path, and those of a path with a
   * variable in its place, to which some servers fall back.
   */
  Set<String> matching(String path) {
    return methods.entrySet().stream()
        .filter(entry -> path.matches("\\Q" + entry.getKey().replace("{}", "\\E[^/]+\\Q") + "\\E"))
        .flatMap(entry -> entry.getValue().stream())
        .collect(Collectors.toSet());
  }

  /** Each method with each path, as in the table. */
  Set<String> all() {
    return methods.entrySet().stream()
        .flatMap(entry -> entry.getValue().stream().map(method -> method + ' ' + entry.getKey()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The endpoint that a row is about: the exact path, or else the longest one that ends with *. */
  Optional<String> of(AccessTable.Row row) {
    String location = normal(row.location());
    return Stream.concat(
            Stream.of(location).filter(methods::containsKey),
            methods.keySet().stream()
                .filter(path -> path.endsWith("/*"))
                .filter(path -> location.startsWith(path.substring(0, path.length() - 1)))
                .sorted(Comparator.comparingInt(String::length).reversed()))
        .filter(path -> methods.get(path).contains(row.method()))
        .findFirst()
        .map(path -> row.method() + ' ' + path);
  }
}
