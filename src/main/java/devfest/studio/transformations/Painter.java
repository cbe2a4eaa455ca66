package devfest.studio.transformations;

import devfest.studio.blobs.Blob;
import devfest.studio.blobs.BlobStore;
import devfest.studio.images.Decoder;
import devfest.studio.images.ImageRefusedException;
import devfest.studio.images.Jpeg;
import devfest.studio.images.Style;
import devfest.studio.images.Styles;
import devfest.studio.images.Thumbnailer;
import devfest.studio.jobs.Attempt;
import devfest.studio.jobs.Backoff;
import devfest.studio.jobs.JobException;
import devfest.studio.jobs.Work;
import devfest.studio.photos.Discards;
import devfest.studio.photos.Photo;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Runs transformations: it reads the photo, renders the image with the style's engine, stores the
 * result and then completes the job. Safe for use from many threads.
 */
@ApplicationScoped
class Painter implements Work<Transformation> {

  /** JPEG quality without visible artefacts, at about half the size of the highest quality. */
  private static final float RESULT_QUALITY = 0.88f;

  /** Length of the longer side; suits a tile of the wall on a dense screen. */
  private static final int THUMBNAIL_PIXELS = 720;

  /**
   * The largest upload limit that can be configured. The limit in force at the upload is unknown
   * here and may have been lowered since.
   */
  private static final long MAX_PIXELS = 500_000_000;

  private final JobQueue queue;
  private final BlobStore store;
  private final Discards discards;
  private final Engines engines;
  private final Styles styles;
  private final TransformationSettings settings;

  @Inject
  Painter(
      JobQueue queue,
      BlobStore store,
      Discards discards,
      Engines engines,
      TransformationSettings settings) {
    this(queue, store, discards, engines, Styles.builtIn(), settings);
  }

  Painter(
      JobQueue queue,
      BlobStore store,
      Discards discards,
      Engines engines,
      Styles styles,
      TransformationSettings settings) {
    this.queue = queue;
    this.store = store;
    this.discards = discards;
    this.engines = engines;
    this.styles = styles;
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
    render(job, rendering);
    if (!queue.complete(this, attempt)) {
      // Another attempt may have completed the job, or may be writing the same blobs.
      if (queue.isCancelled(job.id())) {
        discards.add(job.resultKeys());
      }
    }
  }

  private void render(Transformation job, Rendering rendering) throws Exception {
    Style style =
        styles
            .find(job.styleId())
            .orElseThrow(() -> new IOException("Unknown style: " + job.styleId()));
    rendering.step("decoding", 0, 0);
    BufferedImage photo = decode(job);
    rendering.step("styling", 0.3, 0.8);
    BufferedImage result =
        rendering.interruptible(() -> engines.of(style).apply(style, photo, rendering));
    rendering.closeOnStop(null);
    rendering.step("saving", 0.9, 0.9);
    BufferedImage small = new Thumbnailer(THUMBNAIL_PIXELS).thumbnail(result);
    store.write(
        Transformation.thumbnailKey(job.id()), out -> Jpeg.write(small, out, RESULT_QUALITY));
    store.write(Transformation.resultKey(job.id()), out -> Jpeg.write(result, out, RESULT_QUALITY));
  }

  private BufferedImage decode(Transformation job) throws IOException, JobException {
    try (Blob blob = store.open(Photo.key(job.photoId()))) {
      return new Decoder(MAX_PIXELS).decode(blob.bytes());
    } catch (ImageRefusedException e) {
      throw JobException.permanent(String.valueOf(e.getMessage()), e);
    }
  }
}
