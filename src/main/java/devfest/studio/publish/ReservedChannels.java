package devfest.studio.publish;

/**
 * Reserves channels for the studio. Before an event is published, its channel is checked with every
 * bean of this type. Safe for use from many threads.
 */
public interface ReservedChannels {

  /** Whether clients are not allowed to publish on this channel. */
  boolean reserves(String channel);
}
