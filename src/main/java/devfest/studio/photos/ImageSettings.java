package devfest.studio.photos;

import devfest.studio.settings.Values;

/**
 * Limit of the memory for pictures.
 *
 * @param memory bytes that all pictures in work on this node take at once
 * @param largest bytes of the heap that a single picture may take
 */
public record ImageSettings(long memory, long largest) {

  private static final long MB = 1024L * 1024;
  private static final long GB = 1024 * MB;

  /** The part of the heap that the rest of the studio and the server need, in percent. */
  private static final int REST = 40;

  public static ImageSettings from(Values values) {
    long heap = Runtime.getRuntime().maxMemory();
    return new ImageSettings(
        values.number("studio.images.memory", MB, 1_024 * GB).orElse(heap / 4),
        heap / 100 * (100 - REST));
  }
}
