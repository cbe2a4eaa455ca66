package devfest.studio.app.http;

import devfest.studio.app.legacy.Aliases;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The methods of the resources by path, read from the annotations of the resource classes. With it
 * a request can be refused before its body is read; Jakarta REST still decides about every request
 * that passes. Thread-safe.
 */
@ApplicationScoped
public class Routes {

  /** A parameter of a path template, with or without an expression of its own. */
  private static final Pattern PARAMETER =
      Pattern.compile("\\{\\s*[\\w.-]+\\s*(?::\\s*((?:[^{}]|\\{[^{}]*})*?)\\s*)?}");

  /** The order in which Jakarta REST selects among the templates that match (§ 3.7.2). */
  private static final Comparator<Route> ORDER =
      Comparator.comparingInt(Route::literals)
          .thenComparingInt(Route::parameters)
          .thenComparingInt(Route::expressions)
          .reversed();

  private final List<Route> routes;

  /**
   * The path templates that match the same paths.
   *
   * @param literals the number of characters outside of parameters
   * @param parameters the number of parameters
   * @param expressions the number of parameters with an expression of their own
   * @param methods by verb
   */
  private record Route(
      Pattern pattern, int literals, int parameters, int expressions, Map<String, Method> methods) {

    @Nullable Method method(String verb) {
      return methods.get(verb.equals("HEAD") && !methods.containsKey(verb) ? "GET" : verb);
    }
  }

  /**
   * What is at a path.
   *
   * @param method the method for the verb of the request; null if the path has none for it. HEAD
   *     has the method for GET, unless it has its own
   * @param allowed the verbs of the path
   */
  public record Match(@Nullable Method method, Set<String> allowed) {}

  @Inject
  Routes(BeanManager beans) {
    this(
        beans.getBeans(Object.class, Any.Literal.INSTANCE).stream()
            .<Class<?>>map(Bean::getBeanClass)
            .filter(type -> type.isAnnotationPresent(Path.class))
            .distinct()
            .toList());
  }

  Routes(List<Class<?>> resources) {
    Map<String, Route> byPattern = new LinkedHashMap<>();
    for (Class<?> resource : resources) {
      for (Method method : resource.getMethods()) {
        for (Annotation annotation : method.getAnnotations()) {
          HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
          if (verb != null) {
            Route route = route(template(resource, method));
            byPattern
                .computeIfAbsent(route.pattern().pattern(), pattern -> route)
                .methods()
                .put(verb.value(), method);
          }
        }
      }
    }
    this.routes = byPattern.values().stream().sorted(ORDER).toList();
  }

  /** The path of a resource method with the names of its parameters instead of values. */
  public static String template(Method method) {
    return template(method.getDeclaringClass(), method);
  }

  private static String template(Class<?> resource, Method method) {
    return path(resource.getAnnotation(Path.class)) + path(method.getAnnotation(Path.class));
  }

  private static String path(@Nullable Path annotation) {
    String path = annotation == null ? "" : annotation.value().replaceAll("^/+|/+$", "");
    return path.isEmpty() ? "" : "/" + path;
  }

  private static Route route(String template) {
    StringBuilder pattern = new StringBuilder();
    int literals = 0;
    int parameters = 0;
    int expressions = 0;
    int at = 0;
    Matcher parameter = PARAMETER.matcher(template);
    while (parameter.find()) {
      pattern.append(Pattern.quote(template.substring(at, parameter.start())));
      pattern.append('(').append(parameter.group(1) == null ? "[^/]+?" : parameter.group(1));
      pattern.append(')');
      literals += parameter.start() - at;
      parameters++;
      expressions += parameter.group(1) == null ? 0 : 1;
      at = parameter.end();
    }
    pattern.append(Pattern.quote(template.substring(at))).append("/?");
    literals += template.length() - at;
    return new Route(
        Pattern.compile(pattern.toString()), literals, parameters, expressions, new HashMap<>());
  }

  /**
   * Finds what is at a path.
   *
   * @param path decoded, relative to the API, with a leading slash
   * @return empty if no resource is there
   */
  public Optional<Match> find(String path, String verb) {
    String name = path.replaceFirst("^/", "");
    String canonical = "/" + Aliases.canonical(name);
    return routes.stream()
        .filter(route -> route.pattern().matcher(canonical).matches())
        .findFirst()
        .map(route -> new Match(route.method(verb), allowed(route.methods().keySet())));
  }

  private static Set<String> allowed(Set<String> verbs) {
    Set<String> allowed = new TreeSet<>(verbs);
    if (verbs.contains("GET")) {
      allowed.add("HEAD");
    }
    allowed.add("OPTIONS");
    return allowed;
  }
}
