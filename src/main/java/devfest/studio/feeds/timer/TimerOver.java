package devfest.studio.feeds.timer;

import devfest.studio.base.DomainException;

/** The countdown is completed or has expired. */
public final class TimerOver extends DomainException {

  TimerOver(String message) {
    super(message);
  }
}
