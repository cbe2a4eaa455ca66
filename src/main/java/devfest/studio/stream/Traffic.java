package devfest.studio.stream;

import devfest.studio.hub.Transport;
import devfest.studio.log.LogReader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** The traffic of this node's streams, counted since its start. Safe for use from many threads. */
@ApplicationScoped
public class Traffic {

  private final StreamEngine engine;
  private final LogReader log;

  @Inject
  Traffic(StreamEngine engine, LogReader log) {
    this.engine = engine;
    this.log = log;
  }

  /** The number of open streams of all nodes. */
  public int connections() {
    return engine.connections();
  }

  /** The number of this node's open streams over this transport. */
  public long connections(Transport transport) {
    return engine.hub().connections(transport);
  }

  /**
   * The number of events published on this node, including transient events and those of other
   * nodes.
   */
  public long published() {
    return engine.hub().published();
  }

  /** The number of frames delivered to clients. */
  public long delivered() {
    return engine.hub().delivered();
  }

  /** The number of streams that the server has closed for the reason. */
  public long closed(String reason) {
    return Optional.ofNullable(engine.hub().closings().get(reason)).map(LongAdder::sum).orElse(0L);
  }

  /** The number of committed events that were not published on this node yet. */
  public long lag() {
    long head = engine.head(); // first, so that concurrent events cannot make the result negative
    return Math.max(0, log.bounds().latest() - head);
  }
}
