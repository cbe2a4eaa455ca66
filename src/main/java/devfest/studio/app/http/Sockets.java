package devfest.studio.app.http;

import devfest.studio.app.legacy.LiteralPaths;
import devfest.studio.feeds.timer.TimerSocket;
import devfest.studio.socket.FeedSocket;
import devfest.studio.socket.SocketRoutes;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.websocket.Endpoint;
import jakarta.websocket.server.ServerApplicationConfig;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Registers the WebSockets at their canonical and literal paths. The server and CDI each create an
 * instance of this class.
 */
@ApplicationScoped
public class Sockets implements ServerApplicationConfig, SocketRoutes {

  private static final Map<String, Class<? extends FeedSocket>> ROUTES =
      LiteralPaths.ofSocket("/timer/ws")
          .collect(Collectors.toUnmodifiableMap(path -> path, path -> TimerSocket.class));

  @Override
  public Optional<FeedSocket> at(String path) {
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
