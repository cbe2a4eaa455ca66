package devfest.studio.cluster;

/**
 * Fired in the transaction that removes a node which has stopped or was not seen for a while.
 * Exactly one other node fires it. Observers in that transaction remove what the lost node has left
 * in the database; an exception undoes the removal, which is then tried again.
 *
 * @param nodeId the id of the lost node, see {@link Cluster#node}
 */
public record NodeLost(String nodeId) {}
