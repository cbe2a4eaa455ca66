package devfest.studio.cluster;

/**
 * Fired in the transaction in which this node registers again, after other nodes have removed it
 * because it was not seen for a while. Observers restore what the removal has deleted, such as the
 * presence of this node's clients.
 *
 * @param nodeId the id of this node, which stays the same
 */
public record NodeRejoined(String nodeId) {}
