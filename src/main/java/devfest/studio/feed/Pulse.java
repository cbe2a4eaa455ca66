package devfest.studio.feed;

import java.time.Duration;

/** A state feed whose state changes with time, or which must not be silent for long. */
public interface Pulse<S extends Scope> extends StateFeed<S> {

  /** The time after which the state is sent again, though no event says that it changed. */
  Duration pulse(S scope);
}
