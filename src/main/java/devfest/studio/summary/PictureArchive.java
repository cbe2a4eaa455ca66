package devfest.studio.summary;

import devfest.studio.archive.Archive;
import devfest.studio.archive.ArchiveStream;
import devfest.studio.archive.Csv;
import devfest.studio.base.Millis;
import devfest.studio.blobs.Blob;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Iterator;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * An archive of pictures, with a table of them at its end. Needs about 300 bytes per picture and a
 * buffer. Reads each file twice: first for its checksum, which precedes the content. At most one
 * file is open at a time. Used by one thread at a time.
 */
final class PictureArchive implements ArchiveStream.Content {

  /** The name of the table. */
  static final String TABLE = "pictures.csv";

  /** Bytes that are read at once. */
  private static final int BUFFER = 16 * 1024;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd_HH-mm-ss").withZone(ZoneOffset.UTC);

  /** A file of the archive. */
  record Picture(
      String key,
      @Nullable String transformationId,
      String photoId,
      String name,
      String userId,
      @Nullable String styleId,
      @Nullable String style,
      Instant createdAt,
      @Nullable Instant completedAt,
      String visibility) {

    /** Returns the name in the archive: unique, and sorted by time. */
    String file() {
      return transformationId == null
          ? "photos/%s_%s.jpg".formatted(TIME.format(createdAt), photoId)
          : "pictures/%s_%s_%s.jpg".formatted(TIME.format(createdAt), styleId, transformationId);
    }
  }

  /** Opens a file; throws {@link NoSuchFileException} if it must not be in the archive. */
  @FunctionalInterface
  interface Files {
    Blob open(Picture picture) throws IOException;
  }

  private final Iterator<Picture> pictures;
  private final Files files;
  private final byte[] buffer = new byte[BUFFER];

  /** The open file; null between two files. */
  private @Nullable Blob file;

  /** The rest of the open file. */
  private @Nullable InputStream rest;

  private final Csv table =
      new Csv(
          "file",
          "transformationId",
          "photoId",
          "name",
          "userId",
          "styleId",
          "style",
          "createdAt",
          "completedAt",
          "visibility");

  PictureArchive(Iterator<Picture> pictures, Files files) {
    this.pictures = pictures;
    this.files = files;
  }

  @Override
  public boolean addTo(Archive archive) throws IOException {
    if (rest != null) {
      addPiece(archive, rest);
      return true;
    }
    if (!pictures.hasNext()) {
      archive.text(TABLE, table.toString());
      return false;
    }
    begin(archive, pictures.next());
    return true;
  }

  private void begin(Archive archive, Picture picture) throws IOException {
    long size;
    long checksum;
    try {
      Blob opened = files.open(picture);
      file = opened;
      size = opened.size();
      checksum = checksum(opened);
      rest = opened.read(0, size);
    } catch (NoSuchFileException e) {
      close();
      return; // it was deleted or hidden meanwhile
    }
    archive.begin(picture.file(), size, checksum);
    table.row(
        picture.file(),
        picture.transformationId(),
        picture.photoId(),
        picture.name(),
        picture.userId(),
        picture.styleId(),
        picture.style(),
        text(picture.createdAt()),
        text(picture.completedAt()),
        picture.visibility());
  }

  private long checksum(Blob blob) throws IOException {
    CRC32 checksum = new CRC32();
    try (InputStream in = blob.read(0, blob.size())) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        checksum.update(buffer, 0, n);
      }
    }
    return checksum.getValue();
  }

  private void addPiece(Archive archive, InputStream content) throws IOException {
    int n = content.read(buffer);
    if (n >= 0) {
      archive.add(buffer, n);
    } else {
      archive.end();
      close();
    }
  }

  @Override
  public void close() throws IOException {
    Blob whole = file;
    InputStream part = rest;
    try (whole;
        part) {
      file = null;
      rest = null;
    }
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : Millis.format(instant);
  }
}
