package devfest.studio.app.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Endpoints;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The expected methods are those of Jakarta RESTful Web Services 3.1 § 3.7.2. */
class RoutesTest {

  @Path("/")
  static class Root {
    @GET
    public void root() {}

    @GET
    @Path("docs")
    public void docs() {}
  }

  @Path("talks/")
  static class Talks {
    @GET
    public void list() {}

    @POST
    public void add() {}

    @POST
    @Path("/{id}")
    public void change() {}

    @POST
    @Path("/reset")
    public void reset() {}

    @POST
    @Path("/{id}/slides/{slide}")
    public void slide() {}

    @POST
    @Path("/{id}/slides/first")
    public void firstSlide() {}
  }

  /** The same paths as in Talks, with another name of the parameter. */
  @Path("/talks")
  static class MoreTalks {
    @DELETE
    @Path("/{talk}")
    public void remove() {}

    @GET
    @Path("/{talk}")
    public void read() {}

    @HEAD
    @Path("/{talk}/slides/first")
    public void check() {}
  }

  @Path("/rooms")
  static class Rooms {
    @POST
    @Path("/{name}")
    public void byName() {}

    @POST
    @Path("/{number: [0-9]{1,3}}")
    public void byNumber() {}

    @POST
    @Path("/{name}.{kind: jpg|png}")
    public void picture() {}

    @POST
    @Path("/files/{path: .+}")
    public void file() {}

    @POST
    @Path("/a.b")
    public void dotted() {}
  }

  private final Routes routes =
      new Routes(List.of(Root.class, Rooms.class, Talks.class, MoreTalks.class));

  private String find(String verb, String path) {
    return routes.find(path, verb).map(Routes.Match::method).map(Method::getName).orElse("none");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /, root",
    "GET, /docs, docs",
    "GET, /talks, list",
    "GET, /talks/, list",
    "POST, /talks, add",
    "POST, /talks/7, change",
    "POST, /talks/7/, change",
    "POST, /talks/a b;c, change",
    "DELETE, /talks/7, remove",
    "POST, /talks/7/slides/2, slide",
    "POST, /rooms/hall, byName"
  })
  void aTemplateMatchesAnyTextInThePlaceOfAParameter(String verb, String path, String method) {
    assertEquals(method, find(verb, path));
  }

  @ParameterizedTest
  @CsvSource({
    "/talks/reset, reset",
    "/talks/resets, change",
    "/talks/7/slides/first, firstSlide",
    "/rooms/a.b, dotted",
    "/rooms/aXb, byName"
  })
  void aLiteralPathHasPrecedence(String path, String method) {
    assertEquals(method, find("POST", path));
  }

  @ParameterizedTest
  @CsvSource({
    "/rooms/7, byNumber",
    "/rooms/777, byNumber",
    "/rooms/7777, byName",
    "/rooms/hall.jpg, picture",
    "/rooms/hall.gif, byName",
    "/rooms/files/a/b/c, file",
    "/rooms/files/a, file"
  })
  void anExpressionHasPrecedenceOverAnyText(String path, String method) {
    assertEquals(method, find("POST", path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/unknown", "/talks/7/slides", "/talks//slides/2", "/talk", "/Talks", "/rooms"})
  void noResourceIsAtOtherPaths(String path) {
    assertEquals(Optional.empty(), routes.find(path, "POST"));
  }

  @ParameterizedTest
  @CsvSource({
    "/talks, 'GET, HEAD, OPTIONS, POST'",
    "/talks/7, 'DELETE, GET, HEAD, OPTIONS, POST'",
    "/talks/reset, 'OPTIONS, POST'",
    "/talks/7/slides/first, 'HEAD, OPTIONS, POST'",
    "/docs, 'GET, HEAD, OPTIONS'"
  })
  void anUnknownMethodHasTheMethodsOfThePath(String path, String allowed) {
    Routes.Match match = routes.find(path, "PATCH").orElseThrow();
    assertNull(match.method());
    assertEquals(allowed, String.join(", ", match.allowed()));
    assertEquals(match.allowed(), routes.find(path, "POST").orElseThrow().allowed());
  }

  @Test
  void headHasTheMethodForGetUnlessItHasItsOwn() {
    assertEquals("list", find("HEAD", "/talks"));
    assertEquals("check", find("HEAD", "/talks/7/slides/first"));
    assertNull(routes.find("/talks/reset", "HEAD").orElseThrow().method());
  }

  @Test
  void aTemplateNamesItsParameters() throws Exception {
    assertEquals("/talks/{id}", Routes.template(Talks.class.getMethod("change")));
    assertEquals("/talks", Routes.template(Talks.class.getMethod("list")));
    assertEquals("/docs", Routes.template(Root.class.getMethod("docs")));
    assertEquals("", Routes.template(Root.class.getMethod("root")));
  }

  @Path("/photos")
  static class Uploads {
    @POST
    public void upload() {}

    @PATCH
    @Path("/upload")
    public void rename() {}
  }

  @Test
  void anAliasHasTheMethodOfItsPath() {
    Routes aliases = new Routes(List.of(Uploads.class));
    Routes.Match match = aliases.find("/upload", "POST").orElseThrow();
    assertEquals("upload", match.method().getName());
    assertEquals(Set.of("OPTIONS", "PATCH"), aliases.find("/photos/upload", "").get().allowed());
    assertEquals(Optional.empty(), aliases.find("/upload/7", "POST"));
  }

  @Test
  void everyMethodOfTheStudioIsFoundAtItsPath() throws IOException {
    List<Class<?>> resources =
        Endpoints.classes().stream().filter(type -> type.isAnnotationPresent(Path.class)).toList();
    Routes all = new Routes(resources);
    int count = 0;
    for (Class<?> resource : resources) {
      for (Method method : resource.getMethods()) {
        for (Annotation annotation : method.getAnnotations()) {
          HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
          if (verb != null) {
            String path = Routes.template(method).replaceAll("\\{[^}]*}", "a-1");
            assertEquals(method, all.find(path, verb.value()).orElseThrow().method(), path);
            count++;
          }
        }
      }
    }
    assertTrue(count > 60, () -> "resources: " + resources);
  }
}
