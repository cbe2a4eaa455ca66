package devfest.studio.app.http;

import devfest.studio.app.legacy.LiteralPaths;
import devfest.studio.feeds.timer.TimerSocket;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.websocket.Endpoint;
import jakarta.websocket.server.ServerApplicationConfig;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.Set;
import java.util.stream.Collectors;

/** The WebSockets and their paths. */
public class Sockets implements ServerApplicationConfig {

  /** Where they are, the literal ones too. */
  static final Set<String> PATHS =
      LiteralPaths.ofSocket("/timer/ws").collect(Collectors.toUnmodifiableSet());

  @Override
  public Set<ServerEndpointConfig> getEndpointConfigs(Set<Class<? extends Endpoint>> found) {
    return PATHS.stream()
        .map(
            path ->
                ServerEndpointConfig.Builder.create(TimerSocket.class, path)
                    .configurator(new Beans())
                    .build())
        .collect(Collectors.toSet());
  }

  @Override
  public Set<Class<?>> getAnnotatedEndpointClasses(Set<Class<?>> found) {
    return Set.of();
  }

  /** Endpoints are beans, which WildFly makes only of those that it has found itself. */
  private static final class Beans extends ServerEndpointConfig.Configurator {

    @Override
    public <T> T getEndpointInstance(Class<T> type) {
      return CDI.current().select(type).get();
    }
  }
}
