package devfest.studio.app.http;

import devfest.studio.app.legacy.LiteralPaths;
import devfest.studio.feeds.timer.TimerSocket;
import devfest.studio.socket.SocketRoutes;
import devfest.studio.socket.StreamSocket;
import devfest.studio.socket.StudioSocket;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.websocket.Endpoint;
import jakarta.websocket.server.ServerApplicationConfig;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Registers the WebSockets at their canonical and literal paths. The server and CDI each create an
 * instance of this class.
 */
@ApplicationScoped
public class Sockets implements ServerApplicationConfig, SocketRoutes {

  private static final Map<String, Class<? extends StudioSocket>> ROUTES =
      Stream.concat(
              routes("/stream/ws", StreamSocket.class), routes("/timer/ws", TimerSocket.class))
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  private static Stream<Map.Entry<String, Class<? extends StudioSocket>>> routes(
      String canonical, Class<? extends StudioSocket> socket) {
    return LiteralPaths.ofSocket(canonical).map(path -> Map.entry(path, socket));
  }

  @Override
  public Optional<StudioSocket> at(String path) {
    return Optional.ofNullable(ROUTES.get(path)).map(type -> CDI.current().select(type).get());
  }

  @Override
  public Set<ServerEndpointConfig> getEndpointConfigs(Set<Class<? extends Endpoint>> found) {
    return ROUTES.entrySet().stream()
        .map(
            route ->
                ServerEndpointConfig.Builder.create(route.getValue(), route.getKey())
                    .configurator(new Beans())
                    .build())
        .collect(Collectors.toSet());
  }

  @Override
  public Set<Class<?>> getAnnotatedEndpointClasses(Set<Class<?>> found) {
    return Set.of();
  }

  /** Gets each endpoint from CDI: WildFly does so only for endpoints that it discovers itself. */
  private static final class Beans extends ServerEndpointConfig.Configurator {

    @Override
    public <T> T getEndpointInstance(Class<T> type) {
      return CDI.current().select(type).get();
    }
  }
}
