package devfest.studio.sse;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The connection to one client, to which a stream is written: a response, or for example a
 * WebSocket. The stream's writer calls {@link #isReady}, {@link #write} and {@link #flush}, one
 * thread at a time. No method blocks, except {@link #complete}.
 */
public interface Output {

  /** Notified by a connection. Its methods do not block. Safe for use from many threads. */
  interface Listener {

    /** The connection accepts data again. */
    void writable();

    /** The connection has failed. It will be completed. */
    void failed(Throwable fault);

    /**
     * The connection has ended, and need not be completed.
     *
     * @param fault null for a regular end
     */
    void ended(@Nullable Throwable fault);
  }

  /** Begins to notify the listener. Called once, first. */
  void start(Listener listener);

  /**
   * Whether the connection accepts data. Called before each write and flush: if it returns false,
   * the listener is notified when that changes.
   */
  boolean isReady();

  /** The number of bytes from which on a write gets no further frame; 1 for single frames. */
  int batchBytes();

  /** Writes the frames in the buffer, which is reused after the call. */
  void write(WriteBuffer frames) throws IOException;

  /** Sends what was written. */
  void flush() throws IOException;

  /**
   * Ends the connection. Called once, on a thread that may block, after the end of the stream and
   * when no write is in progress.
   */
  void complete();
}
