package devfest.studio.feeds.assistant;

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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Answers prompts, one at a time per user. Safe for use from many threads. */
@ApplicationScoped
class Assistant {

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
  private final Set<String> busy = ConcurrentHashMap.newKeySet();

  @Inject
  Assistant(
      Album album,
      Gallery gallery,
      LogReader log,
      Scans scans,
      StreamEngine streams,
      Jsonb json,
      AssistantSettings settings) {
    this.streams = streams;
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
                        settings.model().orElse("gpt-4o-mini"),
                        settings.timeout()))
            .orElseGet(() -> new CaptionEngine(album, gallery, log, scans));
  }

  /**
   * Reserves the user's only slot.
   *
   * @throws Problem 429 if the user already has an answer in progress
   */
  void reserve(String user) {
    if (!busy.add(user)) {
      throw Problem.tryLater(
          Code.ONE_AT_A_TIME,
          "The previous prompt is still being answered. Send one prompt at a time.",
          RETRY_AFTER);
    }
  }

  /** Releases the slot of a user whose answer could not be started. */
  void release(String user) {
    busy.remove(user);
  }

  /** Streams the answer. The user's slot is released when the answer ends. */
  void answer(String user, String prompt, Answer.Form form, EventStream stream) {
    Answer answer = new Answer(stream, form, json, engine.name(), () -> busy.remove(user));
    answer.begin(prompt);
    watch(answer);
    streams.later(0, () -> ask(user, prompt, answer));
  }

  private void ask(String user, String prompt, Answer answer) {
    try {
      Runnable stop = engine.answer(user, prompt, answer);
      // On another thread: closing may block and must not delay the thread that writes all streams.
      answer.stopWith(() -> streams.later(0, stop));
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "The assistant failed: " + e.getClass().getSimpleName());
      LOG.log(Level.DEBUG, "The assistant failed", e);
      answer.failed("The assistant could not answer.");
    }
  }

  /** Ends the answer if the model stops responding. */
  private void watch(Answer answer) {
    streams.later(
        WATCH_INTERVAL.toNanos(),
        () -> {
          if (answer.isWaiting(settings.timeout())) {
            watch(answer);
          }
        });
  }
}
