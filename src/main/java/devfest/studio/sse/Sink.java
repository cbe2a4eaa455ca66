package devfest.studio.sse;

import jakarta.ws.rs.sse.SseEventSink;
import java.util.concurrent.CompletionStage;

/** A sink that reports its end, so that a disconnect is noticed without sending. */
public interface Sink extends SseEventSink {

  /**
   * Completes when the sink ends; exceptionally if the client disconnected or the connection
   * failed.
   */
  CompletionStage<Void> ended();
}
