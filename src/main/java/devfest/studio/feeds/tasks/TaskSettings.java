package devfest.studio.feeds.tasks;

import devfest.studio.settings.Values;

/**
 * Limits of uploaded archives.
 *
 * @param maxBytes maximum size of an archive in bytes
 * @param maxPhotos maximum number of photos in an archive
 * @param maxUnpackedBytes maximum decompressed size of an archive in bytes
 */
public record TaskSettings(long maxBytes, int maxPhotos, long maxUnpackedBytes) {

  private static final long GB = 1024L * 1024 * 1024;

  public static TaskSettings from(Values values) {
    return new TaskSettings(
        values.number("studio.tasks.max-bytes", 209_715_200, 1_024, 100 * GB),
        values.integer("studio.tasks.max-photos", 200, 1, 100_000),
        values.number("studio.tasks.max-unpacked-bytes", 1_073_741_824, 1_024, 1_000 * GB));
  }
}
