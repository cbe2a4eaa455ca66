package devfest.studio.sse;

import jakarta.ws.rs.sse.SseEventSink;
import java.util.concurrent.CompletionStage;

/** A sink that tells its end, so that nobody has to try it to notice that its reader has left. */
public interface Sink extends SseEventSink {

  /** Completes once, at the end: exceptionally when the reader went away or the line failed. */
  CompletionStage<Void> ended();
}
