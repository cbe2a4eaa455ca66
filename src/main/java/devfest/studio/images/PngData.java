package devfest.studio.images;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The compressed pixels of a PNG, which may be split into several chunks. Inflates only as much as
 * is read. Not thread-safe.
 *
 * <p>The chunks and the stream have checksums, which viewers ignore. If only one kind is wrong, a
 * faulty program wrote it and the pixels are accepted. If both are wrong, the pixels are damaged.
 */
final class PngData implements AutoCloseable {
  private final byte[] file;
  private int[] places = new int[16];
  private int count;
  private boolean sumsRight = true;
  private Inflater inflater;
  private int next;

  PngData(byte[] file) {
    this.file = file;
  }

  /**
   * Adds a part of the file.
   *
   * @param sumRight whether the checksum of its chunk is correct
   */
  void add(int from, int to, boolean sumRight) {
    if (count == places.length) {
      places = Arrays.copyOf(places, 2 * count);
    }
    places[count++] = from;
    places[count++] = to;
    sumsRight &= sumRight;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /**
   * Begins to read. Skips the header of the stream to disable the check of the stream's checksum.
   */
  void open() throws ImageRefusedException {
    inflater = new Inflater(sumsRight);
    if (!sumsRight) {
      return;
    }
    int first = nextByte();
    int second = nextByte();
    boolean deflated = (first & 0xF) == 8 && (first << 8 | second) % 31 == 0;
    if (!deflated || (second & 0x20) != 0) {
      throw ImageRefusedException.damaged("its pixels have an invalid compression header");
    }
  }

  private int nextByte() throws ImageRefusedException {
    while (next < count && places[next] == places[next + 1]) {
      next += 2;
    }
    if (next == count) {
      throw ImageRefusedException.truncated();
    }
    return file[places[next]++] & 0xFF;
  }

  /** Fills the row. */
  void read(byte[] row) throws ImageRefusedException {
    int filled = 0;
    while (filled < row.length) {
      int n = inflate(row, filled);
      filled += n;
      if (n == 0) {
        feed();
      }
    }
  }

  private int inflate(byte[] target, int at) throws ImageRefusedException {
    try {
      return inflater.inflate(target, at, target.length - at);
    } catch (DataFormatException e) {
      throw ImageRefusedException.damaged("its pixels can't be decompressed", e);
    }
  }

  /** Passes the next part of the file to the inflater. */
  private void feed() throws ImageRefusedException {
    if (inflater.finished() || inflater.needsDictionary()) {
      throw ImageRefusedException.damaged("it has fewer pixels than its header declares");
    }
    if (next == count) {
      throw ImageRefusedException.truncated();
    }
    inflater.setInput(file, places[next], places[next + 1] - places[next]);
    next += 2;
  }

  /** Called after the last row: verifies the checksum of the stream if one of a chunk is wrong. */
  void check() throws ImageRefusedException {
    byte[] more = new byte[1];
    while (!sumsRight && !inflater.finished()) {
      if (inflate(more, 0) > 0) {
        throw ImageRefusedException.damaged("a checksum is wrong");
      }
      if (!inflater.finished()) {
        feed();
      }
    }
  }

  @Override
  public void close() {
    if (inflater != null) {
      inflater.end();
    }
  }
}
