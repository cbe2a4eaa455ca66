package devfest.studio.transformations;

import devfest.studio.artwork.Frames;
import devfest.studio.base.Backoff;
import devfest.studio.blobs.Blob;
import devfest.studio.blobs.BlobStore;
import devfest.studio.images.Decoder;
import devfest.studio.images.ImageRefusedException;
import devfest.studio.images.Jpeg;
import devfest.studio.images.Need;
import devfest.studio.images.SmallCopies;
import devfest.studio.images.Style;
import devfest.studio.images.Styles;
import devfest.studio.images.Thumbnailer;
import devfest.studio.jobs.Attempt;
import devfest.studio.jobs.JobException;
import devfest.studio.jobs.Work;
import devfest.studio.photos.Discards;
import devfest.studio.photos.Photo;
import devfest.studio.photos.Turns;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Runs transformations: it reads the photo, renders the image with the style's engine, stores the
 * result and then completes the job. Safe for use from many threads.
 */
@ApplicationScoped
class Painter implements Work<Transformation> {

  /** JPEG quality without visible artefacts, at about half the size of the highest quality. */
  private static final float RESULT_QUALITY = 0.88f;

  private static final float SMALL_QUALITY = 0.82f;

  /** Length of the longer side; suits a tile of the wall on a dense screen. */
  private static final int THUMBNAIL_PIXELS = 720;

  /** The longest side of the smallest copy in pixels: a tile of the wall on most screens. */
  private static final int SMALL_PIXELS = 480;

  /**
   * The largest upload limit that can be configured. The limit in force at the upload is unknown
   * here and may have been lowered since.
   */
  private static final long MAX_PIXELS = 500_000_000;

  private final JobQueue queue;
  private final BlobStore store;
  private final Discards discards;
  private final Engines engines;
  private final Frames frames;
  private final Styles styles;
  private final Turns turns;
  private final Decoder decoder = new Decoder(MAX_PIXELS);
  private final TransformationSettings settings;

  @Inject
  Painter(
      JobQueue queue,
      BlobStore store,
      Discards discards,
      Engines engines,
      Frames frames,
      Turns turns,
      TransformationSettings settings) {
    this(queue, store, discards, engines, frames, Styles.builtIn(), turns, settings);
  }

  Painter(
      JobQueue queue,
      BlobStore store,
      Discards discards,
      Engines engines,
      Frames frames,
      Styles styles,
      Turns turns,
      TransformationSettings settings) {
    this.queue = queue;
    this.store = store;
    this.discards = discards;
    this.engines = engines;
    this.frames = frames;
    this.styles = styles;
    this.turns = turns;
    this.settings = settings;
  }

  @Override
  public Class<Transformation> type() {
    return Transformation.class;
  }

  @Override
  public Set<? extends Enum<?>> openStatuses() {
    return Status.OPEN;
  }

  /** One job per processor by default, because rendering is limited by the CPU. */
  @Override
  public int concurrency() {
    return Math.max(1, settings.concurrency().orElse(Runtime.getRuntime().availableProcessors()));
  }

  /**
   * Short, because users wait: another node takes over the jobs of a crashed node within ten
   * seconds.
   */
  @Override
  public Duration lease() {
    return Duration.ofSeconds(10);
  }

  @Override
  public Optional<Duration> timeout() {
    return Optional.of(settings.timeout());
  }

  @Override
  public int maxAttempts() {
    return settings.attempts();
  }

  /**
   * Most failures are caused by the image itself and recur; a few seconds bridge a brief failure of
   * a remote engine or the store.
   */
  @Override
  public Backoff backoff() {
    return new Backoff(Duration.ofSeconds(2), 2, Duration.ofMinutes(1));
  }

  @Override
  public String faultMessage() {
    return "The picture could not be rendered.";
  }

  @Override
  public void claimed(Transformation job) {
    queue.started(job);
  }

  @Override
  public void requeued(Transformation job) {
    job.requeue();
  }

  @Override
  public void failed(Transformation job, String reason) {
    queue.failed(job, reason);
  }

  @Override
  public void run(Transformation job, Attempt attempt) throws Exception {
    Rendering rendering =
        new Rendering(
            attempt,
            (fraction, step) -> {
              if (!queue.progress(this, attempt, fraction, step)) {
                throw attempt.lost();
              }
            });
    render(job, attempt, rendering);
    if (!queue.complete(this, attempt)) {
      // Another attempt may have completed the job, or may be writing the same blobs.
      if (queue.isCancelled(job.id())) {
        discards.add(job.resultKeys());
      }
    }
  }

  private void render(Transformation job, Attempt attempt, Rendering rendering) throws Exception {
    Style style =
        styles
            .find(job.styleId())
            .orElseThrow(() -> new IOException("Unknown style: " + job.styleId()));
    Need need = need(job);
    AtomicReference<Turns.@Nullable Turn> turn = new AtomicReference<>();
    try {
      rendering.interruptible(
          () -> {
            turn.set(turns.take(job.userId(), need, Turns.Purpose.TRANSFORMATION));
            return turn;
          });
      render(job, style, attempt, rendering);
    } catch (ImageRefusedException e) {
      throw JobException.permanent(String.valueOf(e.getMessage()), e);
    } finally {
      Turns.Turn taken = turn.get(); // also if the attempt was stopped at that moment
      if (taken != null) {
        taken.close();
      }
    }
  }

  private void render(Transformation job, Style style, Attempt attempt, Rendering rendering)
      throws Exception {
    rendering.step("decoding", 0, 0);
    BufferedImage photo = decode(job);
    rendering.step("styling", 0.3, 0.8);
    BufferedImage result =
        rendering.interruptible(() -> engines.of(style).apply(style, photo, rendering));
    rendering.closeOnStop(null);
    frames.frame().ifPresent(frame -> frame.over(result));
    rendering.step("saving", 0.9, 0.9);
    // They take less memory than the styling did, so the turn covers them.
    SmallCopies copies = SmallCopies.of(result, THUMBNAIL_PIXELS);
    BufferedImage small = new Thumbnailer(SMALL_PIXELS).thumbnail(copies.thumbnail());
    if (!queue.guard(this, attempt)) {
      throw attempt.lost();
    }
    store.write(
        Transformation.thumbnailKey(job.id()),
        out -> Jpeg.write(copies.thumbnail(), out, RESULT_QUALITY));
    store.write(Transformation.smallKey(job.id()), out -> Jpeg.write(small, out, SMALL_QUALITY));
    if (copies.medium().isPresent()) {
      BufferedImage medium = copies.medium().get();
      store.write(
          Transformation.mediumKey(job.id()), out -> Jpeg.write(medium, out, RESULT_QUALITY));
    }
    store.write(Transformation.resultKey(job.id()), out -> Jpeg.write(result, out, RESULT_QUALITY));
  }

  private Need need(Transformation job) throws IOException, JobException {
    try (Blob blob = store.open(Photo.key(job.photoId()));
        InputStream in = blob.read(0, blob.size())) {
      Need need = decoder.need(in, blob.size());
      return need.plus(Style.workingBytes(need.width(), need.height()));
    } catch (ImageRefusedException e) {
      throw JobException.permanent(String.valueOf(e.getMessage()), e);
    }
  }

  private BufferedImage decode(Transformation job) throws IOException, ImageRefusedException {
    try (Blob blob = store.open(Photo.key(job.photoId()))) {
      return decoder.decode(blob.bytes());
    }
  }
}
