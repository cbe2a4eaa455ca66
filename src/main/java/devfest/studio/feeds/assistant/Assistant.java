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

/** Has prompts answered, one at a time for each user. Safe for use from many threads. */
@ApplicationScoped
class Assistant {

  private static final Logger LOG = System.getLogger(Assistant.class.getName());
  private static final Duration AGAIN = Duration.ofSeconds(5);

  /** How often an answer is checked for a timeout. */
  private static final Duration WATCH = Duration.ofSeconds(1);

  private final StreamEngine streams;
  private final Jsonb json;
  private final AssistantSettings settings;
  private final Engine engine;
  private final Set<String> asking = ConcurrentHashMap.newKeySet();

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
   * Takes the user's turn.
   *
   * @throws Problem 429 while an answer to the user is under way
   */
  void take(String user) {
    if (!asking.add(user)) {
      throw Problem.tryLater(
          Code.ONE_AT_A_TIME, "The answer before this one is still under way", AGAIN);
    }
  }

  /** Gives it back when nothing has come of it. */
  void giveBack(String user) {
    asking.remove(user);
  }

  /** Lets the stream have the answer; the user's turn ends with it. */
  void answer(String user, String prompt, Answer.Form form, EventStream stream) {
    Answer answer = new Answer(stream, form, json, engine.name(), () -> asking.remove(user));
    answer.begin(prompt);
    watch(answer);
    streams.later(0, () -> ask(user, prompt, answer));
  }

  private void ask(String user, String prompt, Answer answer) {
    try {
      Runnable stop = engine.answer(user, prompt, answer);
      answer.by(() -> streams.later(0, stop)); // not by the thread that writes streams
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "The assistant failed: " + e.getClass().getSimpleName());
      LOG.log(Level.DEBUG, "The assistant failed", e);
      answer.failed("The assistant could not answer");
    }
  }

  /** An endpoint that says no more is given up. */
  private void watch(Answer answer) {
    streams.later(
        WATCH.toNanos(),
        () -> {
          if (answer.isWaiting(settings.timeout())) {
            watch(answer);
          }
        });
  }
}
