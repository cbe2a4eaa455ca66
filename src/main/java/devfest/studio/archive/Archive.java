package devfest.studio.archive;

import devfest.studio.personal.Export;
import jakarta.json.bind.Jsonb;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A ZIP archive, written while it is read. Archives of more than 65,535 files or 4 GB have the form
 * ZIP64. Used by one thread at a time.
 */
public final class Archive implements Export {

  private final ZipOutputStream zip;
  private final Jsonb json;
  private final Runnable beforeEach;

  /**
   * @param beforeEach called before each file, each piece of a file and each page of items
   */
  public Archive(OutputStream target, Jsonb json, Runnable beforeEach) {
    this.zip = new ZipOutputStream(target, StandardCharsets.UTF_8);
    this.json = json;
    this.beforeEach = beforeEach;
  }

  @Override
  public void array(String name, Iterator<?> items) throws IOException {
    begin(name, Deflater.DEFAULT_COMPRESSION);
    String separator = "[\n";
    for (int i = 1; items.hasNext(); i++) {
      write(separator + json.toJson(items.next()));
      separator = ",\n";
      rest(i);
    }
    write(separator.equals("[\n") ? "[]\n" : "\n]\n");
    zip.closeEntry();
  }

  @Override
  public void lines(String name, Iterator<String> lines) throws IOException {
    begin(name, Deflater.DEFAULT_COMPRESSION);
    for (int i = 1; lines.hasNext(); i++) {
      write(lines.next() + '\n');
      rest(i);
    }
    zip.closeEntry();
  }

  /** Pictures are compressed already. */
  @Override
  public void file(String name, InputStream content) throws IOException {
    begin(name, Deflater.NO_COMPRESSION);
    content.transferTo(zip);
    zip.closeEntry();
  }

  /**
   * Begins a file without compression. {@link #add} adds its content, and {@link #end} ends it.
   *
   * @param size in bytes
   * @param checksum the CRC-32 of the content; it precedes the content in the archive
   */
  public void begin(String name, long size, long checksum) throws IOException {
    beforeEach.run();
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(size);
    entry.setCrc(checksum);
    zip.putNextEntry(entry);
  }

  /**
   * Adds the next piece of the file.
   *
   * @param length the number of bytes, from the first one
   */
  public void add(byte[] piece, int length) throws IOException {
    beforeEach.run();
    zip.write(piece, 0, length);
  }

  /**
   * Ends the file.
   *
   * @throws java.util.zip.ZipException if the content has another size or checksum
   */
  public void end() throws IOException {
    zip.closeEntry();
  }

  /** Adds a text file. */
  public void text(String name, String text) throws IOException {
    begin(name, Deflater.DEFAULT_COMPRESSION);
    write(text);
    zip.closeEntry();
  }

  private void begin(String name, int level) throws IOException {
    beforeEach.run();
    zip.setLevel(level);
    zip.putNextEntry(new ZipEntry(name));
  }

  private void rest(int written) {
    if (written % PAGE == 0) {
      beforeEach.run();
    }
  }

  private void write(String text) throws IOException {
    zip.write(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Completes the archive. Not called after a failure, so that a part is no valid archive. */
  public void finish() throws IOException {
    zip.close();
  }
}
