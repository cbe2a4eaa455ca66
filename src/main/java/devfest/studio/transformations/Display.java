package devfest.studio.transformations;

import java.util.Locale;

/** Whether others see a public picture. */
enum Display {
  SHOWN,
  /** Until an organiser approves it, its owner and organisers see it. */
  WAITING,
  /** Until the organisers reveal the pictures, its owner and organisers see it. */
  COVERED,
  /** An organiser, or several reports, have hidden it; its link answers 404. */
  HIDDEN;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
