package devfest.studio.cluster;

import jakarta.json.JsonObject;

/**
 * Receives the messages of one kind from other nodes. Implementations are beans. Called by one
 * thread, which all receivers share, so they must not block; an exception is logged.
 */
public interface Receiver {

  /** The kind of messages, for example {@code head}. Unique. */
  String kind();

  /**
   * Called for each message of another node, which may be repeated, reordered or outdated.
   *
   * @param node the id of the node that sent it
   */
  void received(String node, JsonObject data);

  /** Called when messages may have been lost: at the start and after each reconnect. */
  default void connected() {}
}
