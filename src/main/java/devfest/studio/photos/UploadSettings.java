package devfest.studio.photos;

import devfest.studio.settings.Values;

/**
 * Limits for uploaded photos.
 *
 * @param maxBytes maximum size of a file in bytes
 * @param maxPixels maximum number of pixels of an image
 */
public record UploadSettings(long maxBytes, long maxPixels) {

  private static final long GB = 1024L * 1024 * 1024;

  public static UploadSettings from(Values values) {
    return new UploadSettings(
        values.number("studio.upload.max-bytes", 26_214_400, 1_024, GB),
        values.number("studio.upload.max-pixels", 50_000_000, 1, 500_000_000));
  }
}
