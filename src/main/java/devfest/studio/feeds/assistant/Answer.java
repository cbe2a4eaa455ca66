package devfest.studio.feeds.assistant;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import devfest.studio.sse.EventStream;
import devfest.studio.sse.Frame;
import jakarta.json.bind.Jsonb;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One streamed answer. It ends once: complete, failed, or because the client has disconnected. Safe
 * for use from many threads.
 */
final class Answer implements Engine.Listener {

  /**
   * The format of the stream.
   *
   * @param id id of the last frame
   * @param start whether the first frame repeats the prompt
   * @param end name of the last frame
   * @param json whether each token is a JSON object instead of raw text
   * @param emptyEnd whether the last frame of a complete answer has empty data instead of {@link
   *     End}
   */
  record Form(String id, boolean start, String end, boolean json, boolean emptyEnd) {}

  /** The data of the first frame: the prompt. */
  public record Start(String prompt) {}

  /** The data of a frame with a piece of the answer. */
  public record Token(String token) {}

  /** The data of the last frame: the name of the engine. */
  public record End(String engine) {}

  /** The data of the frame that ends a failed answer. */
  public record Failure(String reason) {}

  private static final Logger LOG = System.getLogger(Answer.class.getName());

  private final EventStream stream;
  private final Form form;
  private final Jsonb json;
  private final String engine;
  private final Runnable after;

  @GuardedBy("this")
  private long lastTokenAt = System.nanoTime();

  @GuardedBy("this")
  private String pending = "";

  @GuardedBy("this")
  private boolean ended;

  @GuardedBy("this")
  private @Nullable Runnable stop;

  /**
   * @param engine name of the engine
   * @param after runs once when the answer ends
   */
  Answer(EventStream stream, Form form, Jsonb json, String engine, Runnable after) {
    this.stream = stream;
    this.form = form;
    this.json = json;
    this.engine = engine;
    this.after = after;
  }

  void begin(String prompt) {
    if (form.start()) {
      send(Frame.event(null, "start", json.toJson(new Start(prompt))));
    }
    var ignored = stream.ended().whenComplete((none, fault) -> end());
  }

  /** Sets the action that stops the engine; runs it immediately if the answer has already ended. */
  void stopWith(Runnable action) {
    boolean alreadyEnded;
    synchronized (this) {
      stop = action;
      alreadyEnded = ended;
    }
    if (alreadyEnded) {
      action.run();
    }
  }

  @Override
  public void token(String text) {
    String whole;
    synchronized (this) {
      lastTokenAt = System.nanoTime();
      if (ended) {
        return;
      }
      whole = withoutHalf(pending + text);
    }
    if (!whole.isEmpty() || text.isEmpty()) {
      sendToken(whole);
    }
  }

  private void sendToken(String text) {
    send(Frame.event(null, "token", form.json() ? json.toJson(new Token(text)) : text));
  }

  /**
   * Holds back the first half of a surrogate pair or of CR LF at the end of a token until the
   * second half arrives.
   */
  @GuardedBy("this")
  private String withoutHalf(String text) {
    int end = text.length();
    if (end > 0
        && (text.charAt(end - 1) == '\r' || Character.isHighSurrogate(text.charAt(end - 1)))) {
      end--;
    }
    pending = text.substring(end);
    return text.substring(0, end);
  }

  @Override
  public void complete() {
    String rest;
    synchronized (this) {
      rest = ended ? "" : pending;
    }
    if (rest.equals("\r")) {
      sendToken(rest);
    }
    finish(form.end(), form.emptyEnd() ? "" : json.toJson(new End(engine)));
  }

  @Override
  public void failed(String reason) {
    finish("failed", json.toJson(new Failure(reason)));
  }

  private void finish(String name, String data) {
    if (end()) {
      try {
        // Frames with a key are accepted even if the queue is full.
        var ignored = stream.replace("end", Frame.event(form.id(), name, data));
        stream.close();
      } catch (IllegalStateException e) {
        LOG.log(Level.TRACE, "The client has disconnected");
      }
    }
  }

  /**
   * Fails the answer if the engine has been silent for longer than the timeout.
   *
   * @return whether the answer is still in progress
   */
  boolean isWaiting(Duration timeout) {
    synchronized (this) {
      if (ended) {
        return false;
      }
      if (System.nanoTime() - lastTokenAt < timeout.toNanos()) {
        return true;
      }
    }
    failed("The model stopped responding.");
    return false;
  }

  private void send(Frame frame) {
    try {
      stream
          .send(frame)
          .whenComplete(
              (sent, fault) -> {
                if (fault != null) {
                  // A frame was dropped, so the answer would be incomplete.
                  failed("The client reads too slowly.");
                }
              });
    } catch (IllegalStateException e) {
      boolean ignored = end(); // the client has disconnected
    }
  }

  private boolean end() {
    @Nullable Runnable stopping;
    synchronized (this) {
      if (ended) {
        return false;
      }
      ended = true;
      stopping = stop;
    }
    if (stopping != null) {
      stopping.run();
    }
    after.run();
    return true;
  }
}
