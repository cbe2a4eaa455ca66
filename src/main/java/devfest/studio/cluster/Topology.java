package devfest.studio.cluster;

/**
 * What is known of the other nodes before any of them is seen.
 *
 * @param shared whether other nodes may use the same database, which the embedded one excludes
 */
public record Topology(boolean shared) {}
