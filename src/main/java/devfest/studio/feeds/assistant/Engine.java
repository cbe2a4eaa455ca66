package devfest.studio.feeds.assistant;

/** Answers prompts. Implementations are safe for use from many threads. */
interface Engine {

  /**
   * Receives an answer, from one thread at a time. Calls after the end of the answer are ignored.
   */
  interface Listener {

    /** Receives the next piece of the answer. It can be empty or contain line breaks. */
    void token(String text);

    /** The answer is complete. */
    void complete();

    /**
     * The answer has failed.
     *
     * @param reason a full sentence that is sent to the client
     */
    void failed(String reason);
  }

  /** The name of the engine, which is sent to the client. */
  String name();

  /**
   * Starts to answer and returns without waiting for the end.
   *
   * @param user id of the user who sent the prompt
   * @return an action that stops the answer; it can run on any thread, also after the end
   */
  Runnable answer(String user, String prompt, Listener listener);
}
