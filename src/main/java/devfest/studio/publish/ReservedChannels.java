package devfest.studio.publish;

/**
 * Knows channels that belong to the studio itself. Every bean of this type is asked before an event
 * is published. Safe for use from many threads.
 */
public interface ReservedChannels {

  /** Whether events of clients must not be published on this channel. */
  boolean reserves(String channel);
}
