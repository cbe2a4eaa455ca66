package devfest.studio.stream;

import devfest.studio.hub.Transport;
import devfest.studio.log.LogReader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** What goes through this node, in numbers. Counted from its start. */
@ApplicationScoped
public class Traffic {

  private final StreamEngine engine;
  private final LogReader log;

  @Inject
  Traffic(StreamEngine engine, LogReader log) {
    this.engine = engine;
    this.log = log;
  }

  public int connections() {
    return engine.hub().connections();
  }

  public long connections(Transport transport) {
    return engine.hub().connections(transport);
  }

  /** Events that were told here, those of other nodes and passing ones too. */
  public long published() {
    return engine.hub().published();
  }

  /** Frames that were given to readers. */
  public long delivered() {
    return engine.hub().delivered();
  }

  /** Streams that this side has ended for the reason. */
  public long closed(String reason) {
    return Optional.ofNullable(engine.hub().closings().get(reason)).map(LongAdder::sum).orElse(0L);
  }

  /** How many events are committed that were not told here yet. */
  public long lag() {
    long head = engine.head(); // first, or what is told meanwhile would count
    return Math.max(0, log.bounds().latest() - head);
  }
}
