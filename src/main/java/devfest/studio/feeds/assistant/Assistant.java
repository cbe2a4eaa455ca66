package devfest.studio.feeds.assistant;

import devfest.studio.cluster.Reservations;
import devfest.studio.http.Code;
import devfest.studio.http.Problem;
import devfest.studio.log.LogReader;
import devfest.studio.photos.Album;
import devfest.studio.sse.EventStream;
import devfest.studio.stream.Scans;
import devfest.studio.stream.StreamEngine;
import devfest.studio.transformations.Gallery;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Answers prompts, one at a time per user. Safe for use from many threads. */
@ApplicationScoped
class Assistant {

  /** The name of the reservations. */
  private static final String NAME = "assistant";

  private static final Logger LOG = System.getLogger(Assistant.class.getName());

  /** Most answers take a few seconds. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  /**
   * How often an answer is checked for a timeout; timeouts are at least some seconds in practice.
   */
  private static final Duration WATCH_INTERVAL = Duration.ofSeconds(1);

  private final StreamEngine streams;
  private final Jsonb json;
  private final AssistantSettings settings;
  private final Engine engine;
  private final Reservations reservations;

  /** The reservation of each user with an answer in progress at this node. */
  private final Map<String, Reservations.Key> busy = new ConcurrentHashMap<>();

  @Inject
  Assistant(
      Album album,
      Gallery gallery,
      LogReader log,
      Scans scans,
      StreamEngine streams,
      Reservations reservations,
      Jsonb json,
      AssistantSettings settings) {
    this.streams = streams;
    this.reservations = reservations;
    this.json = json;
    this.settings = settings;
    this.engine =
        settings
            .baseUrl()
            .<Engine>map(
                url ->
                    new ModelEngine(
                        url,
                        settings.apiKey().orElse("none"),
                        settings.model().orElse("gpt-4o-mini")))
            .orElseGet(() -> new CaptionEngine(album, gallery, log, scans));
  }

  /**
   * Reserves the user's only answer, over all nodes.
   *
   * @throws Problem 429 if the user already has an answer in progress
   */
  Reservations.Key reserve(String user) {
    Reservations.Key key = new Reservations.Key(NAME, user, UUID.randomUUID().toString());
    if (busy.putIfAbsent(user, key) == null) {
      if (reservations.reserve(key)) {
        return key;
      }
      busy.remove(user, key);
    }
    throw Problem.tryLater(
        Code.ONE_AT_A_TIME,
        "The previous prompt is still being answered. Send one prompt at a time.",
        RETRY_AFTER);
  }

  /** Releases a reservation, unless it is released already. May block on the database. */
  void release(Reservations.Key key) {
    if (busy.remove(key.user(), key)) {
      reservations.release(key);
    }
  }

  /** Releases a reservation on a thread that may not block. */
  private void releaseSoon(Reservations.Key key) {
    if (busy.remove(key.user(), key)) {
      streams.later(0, () -> reservations.release(key));
    }
  }

  /** Streams the answer. The reservation is released when the answer ends. */
  void answer(Reservations.Key key, String prompt, Answer.Form form, EventStream stream) {
    Answer answer = new Answer(stream, form, json, engine.name(), () -> releaseSoon(key));
    answer.begin(prompt);
    watch(answer, key, System.nanoTime());
    streams.later(0, () -> ask(key, prompt, answer));
  }

  /** Releases the reservation first, so that the client may send the next prompt to any node. */
  private record Releasing(Answer answer, Runnable release) implements Engine.Listener {

    @Override
    public void token(String text) {
      answer.token(text);
    }

    @Override
    public void complete() {
      release.run();
      answer.complete();
    }

    @Override
    public void failed(String reason) {
      release.run();
      answer.failed(reason);
    }
  }

  private void ask(Reservations.Key key, String prompt, Answer answer) {
    try {
      Runnable stop = engine.answer(key.user(), prompt, new Releasing(answer, () -> release(key)));
      // On another thread: closing may block and must not delay the thread that writes all streams.
      answer.stopWith(() -> streams.later(0, stop));
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "The assistant failed: " + e.getClass().getSimpleName());
      LOG.log(Level.DEBUG, "The assistant failed", e);
      answer.failed("The assistant could not answer.");
    }
  }

  /** Renews the reservation, and ends the answer if the model stops responding. */
  private void watch(Answer answer, Reservations.Key key, long renewedAt) {
    streams.later(
        WATCH_INTERVAL.toNanos(),
        () -> {
          if (answer.isWaiting(settings.timeout())) {
            long now = System.nanoTime();
            boolean isDue = now - renewedAt >= Reservations.RENEWAL.toNanos();
            if (isDue) {
              reservations.renew(key);
            }
            watch(answer, key, isDue ? now : renewedAt);
          }
        });
  }
}
