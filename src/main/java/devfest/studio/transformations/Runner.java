package devfest.studio.transformations;

import devfest.studio.http.Outage;
import devfest.studio.images.Decoder;
import devfest.studio.images.ImageRefusedException;
import devfest.studio.images.Jpeg;
import devfest.studio.images.Style;
import devfest.studio.images.Styles;
import devfest.studio.images.Thumbnailer;
import devfest.studio.photos.Storage;
import jakarta.ejb.Asynchronous;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;

/**
 * Works on a claimed job, outside any transaction: reads the photo, applies the style, writes the
 * result, and only then says so.
 */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Runner {

  private static final Logger LOG = System.getLogger(Runner.class.getName());
  private static final float RESULT_QUALITY = 0.88f;
  private static final int THUMBNAIL_PIXELS = 720;

  /** The limit for uploads held when the photo came; it may have been lowered since. */
  private static final long MAX_PIXELS = 500_000_000;

  private static final String WENT_WRONG = "The picture could not be made";

  @Inject private JobQueue queue;
  @Inject private Storage storage;

  /**
   * @param done runs when the worker is free again, whatever came of the job
   */
  @Asynchronous
  public void run(Work work, Runnable done) {
    try {
      work(work);
    } catch (RuntimeException e) {
      // The database, most likely: the claim runs out and the job is taken up again.
      LOG.log(Level.WARNING, "Transformation " + work.job().id() + " was left to its claim", e);
    } finally {
      done.run();
    }
  }

  private void work(Work work) {
    Job job = work.job();
    try {
      make(work);
    } catch (Work.StoppedException e) {
      stopped(work, e.getMessage());
      return;
    } catch (ImageRefusedException e) {
      queue.fail(job, e.getMessage());
      return;
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      if (Outage.of(e).isPresent()) {
        throw new IllegalStateException("in an outage", e); // not the picture's fault
      }
      if (queue.fail(
          job, WENT_WRONG)) { // else its photo was deleted meanwhile, or it was cancelled
        LOG.log(Level.WARNING, "Transformation " + job.id() + " failed, photo " + job.photoId(), e);
      }
      return;
    }
    if (!queue.complete(job)) {
      // cancelled in the last moment
      storage.delete(List.of(storage.result(job.id()), storage.resultThumbnail(job.id())));
    }
  }

  private void stopped(Work work, String reason) {
    if (work.stopped() == null) {
      queue.fail(work.job(), reason);
    } else if (work.stopped() == Work.Stop.SHUTDOWN) {
      queue.release(work.job());
    }
  }

  private void make(Work work) throws IOException, ImageRefusedException {
    Job job = work.job();
    Style style =
        Styles.builtIn()
            .find(job.styleId())
            .orElseThrow(() -> new IOException("no style " + job.styleId()));
    work.step("decoding", 0, 0);
    BufferedImage photo = new Decoder(MAX_PIXELS).decode(storage.photo(job.photoId()));
    BufferedImage picture = style.apply(photo, work.step("styling", 0.3, 0.8));
    work.step("saving", 0.9, 0.9);
    BufferedImage small = new Thumbnailer(THUMBNAIL_PIXELS).thumbnail(picture);
    storage.write(
        storage.resultThumbnail(job.id()), file -> Jpeg.write(small, file, RESULT_QUALITY));
    storage.write(storage.result(job.id()), file -> Jpeg.write(picture, file, RESULT_QUALITY));
  }
}
