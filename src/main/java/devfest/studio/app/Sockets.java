package devfest.studio.app;

import devfest.studio.feeds.timer.TimerSocket;
import jakarta.websocket.Endpoint;
import jakarta.websocket.server.ServerApplicationConfig;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.Set;
import java.util.stream.Collectors;

/** The WebSockets and their paths. */
public class Sockets implements ServerApplicationConfig {

  private static final String TIMER = "/timer/ws";

  @Override
  public Set<ServerEndpointConfig> getEndpointConfigs(Set<Class<? extends Endpoint>> found) {
    return LiteralPaths.ofSocket(TIMER)
        .map(path -> ServerEndpointConfig.Builder.create(TimerSocket.class, path).build())
        .collect(Collectors.toSet());
  }

  @Override
  public Set<Class<?>> getAnnotatedEndpointClasses(Set<Class<?>> found) {
    return Set.of();
  }
}
