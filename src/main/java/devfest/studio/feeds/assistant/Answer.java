package devfest.studio.feeds.assistant;

import devfest.studio.sse.EventStream;
import devfest.studio.sse.Frame;
import jakarta.json.bind.Jsonb;
import java.time.Duration;

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
   */
  record Form(String id, boolean start, String end, boolean wrapped) {}

  /** The prompt, as it was understood. */
  public record Start(String prompt) {}

  /** A piece of the answer. */
  public record Token(String token) {}

  /** Who has answered. */
  public record End(String engine) {}

  /** Why there is no answer. */
  public record Failure(String reason) {}

  private final EventStream stream;
  private final Form form;
  private final Jsonb json;
  private final String engine;
  private final Runnable after;
  private long heardAt = System.nanoTime();
  private boolean ended;
  private Runnable stop;

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
    synchronized (this) {
      heardAt = System.nanoTime();
      if (ended) {
        return;
      }
    }
    send(Frame.event(null, "token", form.wrapped() ? json.toJson(new Token(text)) : text));
  }

  @Override
  public void complete() {
    last(form.end(), new End(engine));
  }

  @Override
  public void failed(String reason) {
    last("failed", new Failure(reason));
  }

  private void last(String name, Object data) {
    if (end()) {
      send(Frame.event(form.id(), name, json.toJson(data)));
      stream.close();
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
                  stream.abort(); // a piece is missing: better none than a wrong answer
                }
              });
    } catch (IllegalStateException e) {
      boolean ignored = end(); // the reader has left
    }
  }

  private boolean end() {
    Runnable stopping;
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
