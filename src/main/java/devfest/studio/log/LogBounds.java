package devfest.studio.log;

/**
 * The range of positions in the log.
 *
 * @param origin clients cannot resume below it; positions below it were assigned before a new
 *     origin
 * @param pruned events up to this position have been pruned
 * @param latest the newest assigned position; {@code origin} if there is none
 */
public record LogBounds(long origin, long pruned, long latest) {

  /** The oldest position that can be read; {@code latest + 1} if the log is empty. */
  public long oldest() {
    return pruned + 1;
  }
}
