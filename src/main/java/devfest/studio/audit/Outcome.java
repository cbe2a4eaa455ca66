package devfest.studio.audit;

import java.util.Locale;

/** How an action ended. */
public enum Outcome {
  DONE,
  /** The caller was not allowed to do it. */
  REFUSED;

  /** The text form in the log, in rows and in JSON. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
