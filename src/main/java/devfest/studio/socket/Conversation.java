package devfest.studio.socket;

/** What one open WebSocket sends and receives. */
interface Conversation {

  /** Begins to send. Called once, on a thread that may block. */
  void open();

  /**
   * Handles a whole message of the client. Called by the thread that reads from the socket,
   * possibly before {@link #open}. Must be quick.
   */
  void receive(String message);

  /**
   * Whether a message has not been taken by the client yet. Its stall timeout applies then, because
   * pings wait behind the message.
   */
  boolean isBlocked();
}
