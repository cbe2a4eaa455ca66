package devfest.studio.delivery;

import devfest.studio.jobs.Job;
import java.time.Duration;

/** A job whose row has a position in the log. The events above it are to be sent. */
public interface Cursor extends Job {

  /** How far it is, and for how long its receiver has failed. */
  Progress progress();

  /**
   * How often an idle one looks for events, even if nobody wakes it. Its user waits no longer than
   * that if all nodes stop right after an event.
   */
  Duration look();

  /** Records that events up to a position were accepted or are not to be sent. */
  default void advance(long to) {
    progress().advance(to);
  }
}
