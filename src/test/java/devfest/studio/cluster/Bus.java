package devfest.studio.cluster;

import jakarta.enterprise.inject.Instance;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/** Connects nodes within this JVM: each line is received by all of them before send returns. */
public final class Bus {

  private final List<Signal.Listener> listeners = new ArrayList<>();

  /** Whether lines are lost. */
  public boolean frozen;

  private String newest;

  /** A new signal that is connected to this bus. */
  Signal signal() {
    return new Signal() {
      @Override
      public void start(ThreadFactory threads, Listener listener) {
        listeners.add(listener);
        listener.connected();
      }

      @Override
      public void send(String key, String line) {
        if (!frozen) {
          newest = line;
          List.copyOf(listeners).forEach(listener -> listener.heard(line));
        }
      }

      @Override
      public boolean isConnected() {
        return true;
      }

      @Override
      public long dropped() {
        return 0;
      }

      @Override
      public void stop() {
        // nothing was opened
      }
    };
  }

  /** A node that is not connected yet. */
  public static Cluster node(String name, List<Receiver> receivers) {
    return new Cluster(
        new ClusterSettings(
            ClusterSettings.Kind.NONE,
            Optional.of(name),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            "studio"),
        beans(receivers));
  }

  /** Sends the newest line again. */
  void repeat() {
    List.copyOf(listeners).forEach(listener -> listener.heard(newest));
  }

  /** Connects a node. */
  public void connect(Cluster node) {
    node.start(Executors.defaultThreadFactory(), signal());
  }

  /** The beans as CDI would find them, also those that are added to the list later. */
  @SuppressWarnings("unchecked")
  static <T> Instance<T> beans(List<T> all) {
    return (Instance<T>)
        Proxy.newProxyInstance(
            Bus.class.getClassLoader(),
            new Class<?>[] {Instance.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "iterator" -> all.iterator();
                  case "stream" -> all.stream();
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }
}
