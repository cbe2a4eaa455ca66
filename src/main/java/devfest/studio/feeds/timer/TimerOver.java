package devfest.studio.feeds.timer;

import devfest.studio.base.DomainException;

/** The countdown has no time left. */
public final class TimerOver extends DomainException {

  TimerOver(String message) {
    super(message);
  }
}
