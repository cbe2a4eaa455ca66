package devfest.studio.feeds.assistant;

/** What answers prompts. Safe for use from many threads. */
interface Engine {

  /** Hears an answer, from one thread at a time. What comes after its end does not count. */
  interface Listener {

    /** The next piece of the answer, as it is: it may be empty, or hold line breaks. */
    void token(String text);

    void complete();

    /**
     * @param reason a sentence for whoever asked
     */
    void failed(String reason);
  }

  /** What it calls itself. */
  String name();

  /**
   * Begins to answer, and returns without waiting for it.
   *
   * @param user who asks
   * @return stops the answer
   */
  Runnable answer(String user, String prompt, Listener listener);
}
