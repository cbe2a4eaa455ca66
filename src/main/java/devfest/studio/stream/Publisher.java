package devfest.studio.stream;

import devfest.studio.events.Event;
import devfest.studio.events.LoggedEvent;
import devfest.studio.log.EventLog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.util.List;

/** Appends what publishers send, in a transaction of its own. */
@ApplicationScoped
@Transactional
public class Publisher {

  private final EventLog log;

  @Inject
  Publisher(EventLog log) {
    this.log = log;
  }

  protected Publisher() {
    this(null);
  }

  /** When this returns, the events are in the log for good: all of them. */
  List<LoggedEvent> publish(List<Event> events) {
    return log.append(events);
  }
}
