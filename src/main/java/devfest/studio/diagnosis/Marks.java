package devfest.studio.diagnosis;

import devfest.studio.sse.EventStream;
import devfest.studio.sse.Frame;
import devfest.studio.stream.StreamEngine;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Numbered frames at a fixed interval. Each says how long after the first frame it was sent, so
 * that a client sees what the way to it adds.
 *
 * @param first the number of the first frame
 * @param last the number of the frame after which the stream ends
 */
record Marks(StreamEngine engine, int first, int last, Duration interval) {

  private static final String NAME = "mark";

  void sendTo(EventStream stream) {
    send(stream, first, System.nanoTime());
  }

  /** Runs on the streams' clock, so nothing here may block. */
  private void send(EventStream stream, int number, long start) {
    if (stream.isClosed()) {
      return;
    }
    long elapsed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    stream.send(
        Frame.event(
            Integer.toString(number),
            NAME,
            "{\"number\":%d,\"elapsed\":%d}".formatted(number, elapsed)));
    if (number == last) {
      stream.close();
    } else {
      engine.later(interval.toNanos(), () -> send(stream, number + 1, start));
    }
  }
}
