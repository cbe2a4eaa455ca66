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
final class PngData {
  private final byte[] file;
  private int[] places = new int[16];
  private int count;
  private boolean sumsRight = true;

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
  Rows open() throws ImageRefusedException {
    Rows rows = new Rows();
    try {
      if (sumsRight) {
        rows.header();
      }
      return rows;
    } catch (ImageRefusedException e) {
      rows.close();
      throw e;
    }
  }

  /** The pixels as they are read, once. Must be closed. */
  final class Rows implements AutoCloseable {
    private final Inflater inflater = new Inflater(sumsRight);
    private int next;

    /** Reads the header of a stream whose checksum the inflater compares. */
    private void header() throws ImageRefusedException {
      int first = nextByte();
      int second = nextByte();
      boolean deflated = (first & 0xF) == 8 && (first << 8 | second) % 31 == 0;
      if (!deflated || (second & 0x20) != 0) {
        throw ImageRefusedException.damaged("its pixels are not compressed as they should be");
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
        throw ImageRefusedException.damaged("its pixels cannot be unpacked", e);
      }
    }

    /** Gives the next part of the file, where there is need and one to give. */
    private void feed() throws ImageRefusedException {
      if (inflater.finished() || inflater.needsDictionary()) {
        throw ImageRefusedException.damaged("it has fewer pixels than it claims");
      }
      if (next == count) {
        throw ImageRefusedException.truncated();
      }
      inflater.setInput(file, places[next], places[next + 1] - places[next]);
      next += 2;
    }

    /** After the last row: reads the stream's checksum, if the parts' are wrong. */
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
      inflater.end();
    }
  }
}
