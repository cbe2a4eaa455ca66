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
 * Does transformations: reads the photo, has the style's engine make the picture, stores the
 * result, and only then completes the job.
 */
@ApplicationScoped
class Painter implements Work<Transformation> {

  private static final float RESULT_QUALITY = 0.88f;
  private static final int THUMBNAIL_PIXELS = 720;

  /** The limit for uploads held when the photo was uploaded; it may have been lowered since. */
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
  public Set<? extends Enum<?>> open() {
    return Status.OPEN;
  }

  /** A core each, as styles take nothing else. */
  @Override
  public int places() {
    return Math.max(1, settings.concurrency().orElse(Runtime.getRuntime().availableProcessors()));
  }

  /** Users wait for it: a dead node's job is taken over soon. */
  @Override
  public Duration lease() {
    return Duration.ofSeconds(10);
  }

  @Override
  public Optional<Duration> timeout() {
    return Optional.of(settings.timeout());
  }

  @Override
  public int attempts() {
    return settings.attempts();
  }

  /** Most faults are the picture's own; an outage of a second or two is worth the wait. */
  @Override
  public Backoff backoff() {
    return new Backoff(Duration.ofSeconds(2), 2, Duration.ofMinutes(1));
  }

  @Override
  public String fault() {
    return "The picture could not be made";
  }

  @Override
  public void claimed(Transformation job) {
    queue.started(job);
  }

  @Override
  public void returned(Transformation job) {
    job.queueAgain();
  }

  @Override
  public void failed(Transformation job, String reason) {
    queue.failed(job, reason);
  }

  @Override
  public void run(Transformation job, Attempt attempt) throws Exception {
    Making making =
        new Making(
            attempt,
            (fraction, step) -> {
              if (!queue.progress(this, attempt, fraction, step)) {
                throw attempt.lost();
              }
            });
    make(job, making);
    if (!queue.complete(this, attempt)) {
      // Cancelled in the last moment, or taken over by another node, which writes the same blobs.
      if (!queue.isOpen(job.id())) {
        discards.add(job.resultKeys());
      }
    }
  }

  private void make(Transformation job, Making making) throws Exception {
    Style style =
        styles.find(job.styleId()).orElseThrow(() -> new IOException("no style " + job.styleId()));
    making.step("decoding", 0, 0);
    BufferedImage photo = decode(job);
    making.step("styling", 0.3, 0.8);
    BufferedImage picture =
        making.interruptible(() -> engines.of(style).apply(style, photo, making));
    making.closing(null);
    making.step("saving", 0.9, 0.9);
    BufferedImage small = new Thumbnailer(THUMBNAIL_PIXELS).thumbnail(picture);
    store.write(
        Transformation.thumbnailKey(job.id()), out -> Jpeg.write(small, out, RESULT_QUALITY));
    store.write(
        Transformation.resultKey(job.id()), out -> Jpeg.write(picture, out, RESULT_QUALITY));
  }

  private BufferedImage decode(Transformation job) throws IOException, JobException {
    try (Blob blob = store.open(Photo.key(job.photoId()))) {
      return new Decoder(MAX_PIXELS).decode(blob.bytes());
    } catch (ImageRefusedException e) {
      throw JobException.lasting(String.valueOf(e.getMessage()), e);
    }
  }
}
