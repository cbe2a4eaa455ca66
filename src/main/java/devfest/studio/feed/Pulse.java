package devfest.studio.feed;

import java.time.Duration;

/** A state feed whose state changes with time, or that must send its state regularly. */
public interface Pulse<S extends Scope> extends StateFeed<S> {

  /** The time after which the state is sent again without an event. */
  Duration pulse(S scope);
}
