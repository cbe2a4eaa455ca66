package devfest.studio.log;

/**
 * Where the log begins and ends.
 *
 * @param origin nobody resumes below it; every position lies above it, but those from before a new
 *     origin
 * @param pruned events up to here have been removed
 * @param latest the newest position given out; {@code origin} while there is none
 */
public record LogBounds(long origin, long pruned, long latest) {

  /** The oldest position that can still be read; one above {@code latest} when there is none. */
  public long oldest() {
    return pruned + 1;
  }
}
