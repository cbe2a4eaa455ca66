package devfest.studio.blobs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * A read-only channel over a blob. A sequential read continues the open range; a read after a seek
 * opens a new range. Closing the channel closes the blob. Not thread-safe.
 */
public final class BlobChannel implements SeekableByteChannel {

  /** Large enough to make few requests to a remote store, small enough to allocate per read. */
  private static final int CHUNK = 64 * 1024;

  private final Blob blob;
  private @Nullable InputStream range;
  private long rangeAt;
  private long position;
  private boolean closed;

  public BlobChannel(Blob blob) {
    this.blob = blob;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (position >= blob.size()) {
      return -1;
    }
    if (range == null || rangeAt != position) {
      closeRange();
      range = blob.read(position, blob.size() - position);
      rangeAt = position;
    }
    byte[] chunk = new byte[Math.min(CHUNK, target.remaining())];
    int n = range.readNBytes(chunk, 0, chunk.length);
    target.put(chunk, 0, n);
    rangeAt += n;
    position += n;
    return n;
  }

  private void closeRange() throws IOException {
    if (range != null) {
      range.close();
      range = null;
    }
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public SeekableByteChannel position(long newPosition) {
    position = newPosition;
    return this;
  }

  @Override
  public long size() {
    return blob.size();
  }

  @Override
  public int write(ByteBuffer source) {
    throw new NonWritableChannelException();
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new NonWritableChannelException();
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    try {
      closeRange();
    } finally {
      blob.close();
    }
  }
}
