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
 * One answer on its way to its reader. It ends once: complete, failed, or because its reader has
 * left. Safe for use from many threads.
 */
final class Answer implements Engine.Listener {

  /**
   * How it looks.
   *
   * @param id of its last frame
   * @param start whether the prompt comes first
   * @param end what the last frame is called
   * @param wrapped whether each token is JSON
   * @param bare whether a complete answer ends with empty data, instead of {@link End}
   */
  record Form(String id, boolean start, String end, boolean wrapped, boolean bare) {}

  /** The prompt, as it was understood. */
  public record Start(String prompt) {}

  /** A piece of the answer. */
  public record Token(String token) {}

  /** Who has answered. */
  public record End(String engine) {}

  /** Why there is no answer. */
  public record Failure(String reason) {}

  private static final Logger LOG = System.getLogger(Answer.class.getName());

  private final EventStream stream;
  private final Form form;
  private final Jsonb json;
  private final String engine;
  private final Runnable after;

  @GuardedBy("this")
  private long heardAt = System.nanoTime();

  @GuardedBy("this")
  private String half = "";

  @GuardedBy("this")
  private boolean ended;

  @GuardedBy("this")
  private @Nullable Runnable stop;

  /**
   * @param after runs at its end
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

  /** Names what stops it. */
  void by(Runnable itsStop) {
    boolean late;
    synchronized (this) {
      stop = itsStop;
      late = ended;
    }
    if (late) {
      itsStop.run();
    }
  }

  @Override
  public void token(String text) {
    String whole;
    synchronized (this) {
      heardAt = System.nanoTime();
      if (ended) {
        return;
      }
      whole = whole(half + text);
    }
    if (!whole.isEmpty() || text.isEmpty()) {
      piece(whole);
    }
  }

  private void piece(String text) {
    send(Frame.event(null, "token", form.wrapped() ? json.toJson(new Token(text)) : text));
  }

  /**
   * A character, or the end of a line, may be cut in two by the end of a token: its first half
   * waits for the other.
   */
  @GuardedBy("this")
  private String whole(String text) {
    int end = text.length();
    if (end > 0
        && (text.charAt(end - 1) == '\r' || Character.isHighSurrogate(text.charAt(end - 1)))) {
      end--;
    }
    half = text.substring(end);
    return text.substring(0, end);
  }

  @Override
  public void complete() {
    String rest;
    synchronized (this) {
      rest = ended ? "" : half;
    }
    if (rest.equals("\r")) {
      piece(rest);
    }
    last(form.end(), form.bare() ? "" : json.toJson(new End(engine)));
  }

  @Override
  public void failed(String reason) {
    last("failed", json.toJson(new Failure(reason)));
  }

  private void last(String name, String data) {
    if (end()) {
      try {
        // By a key, as what has one is never refused.
        var ignored = stream.replace("end", Frame.event(form.id(), name, data));
        stream.close();
      } catch (IllegalStateException e) {
        LOG.log(Level.TRACE, "the reader has left meanwhile");
      }
    }
  }

  /** Gives up when nothing has come for so long; tells whether it still goes on. */
  boolean isWaiting(Duration longest) {
    synchronized (this) {
      if (ended) {
        return false;
      }
      if (System.nanoTime() - heardAt < longest.toNanos()) {
        return true;
      }
    }
    failed("The answer stopped coming");
    return false;
  }

  private void send(Frame frame) {
    try {
      stream
          .send(frame)
          .whenComplete(
              (sent, fault) -> {
                if (fault != null) {
                  failed("The reader is too slow"); // a piece is missing
                }
              });
    } catch (IllegalStateException e) {
      boolean ignored = end(); // the reader has left
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
