package devfest.studio.photos;

import devfest.studio.blobs.BlobStore;
import devfest.studio.blobs.Spool;
import devfest.studio.events.Visibility;
import devfest.studio.idempotency.Key;
import devfest.studio.idempotency.Once;
import devfest.studio.idempotency.Replies;
import devfest.studio.idempotency.Reply;
import devfest.studio.images.Decoder;
import devfest.studio.images.ImageFormat;
import devfest.studio.images.ImageRefusedException;
import devfest.studio.images.Jpeg;
import devfest.studio.images.Thumbnailer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a client sent into a stored photo. Pictures are decoded only as many at a time as the
 * machine has cores, so that memory is bounded; further uploads wait their turn.
 */
@ApplicationScoped
public class Intake {

  /** How many bytes show what kind of file it is. */
  public static final int HEAD_LENGTH = ImageFormat.HEAD_LENGTH;

  private static final Logger LOG = System.getLogger(Intake.class.getName());
  private static final int THUMBNAIL_PIXELS = 300;
  private static final float PHOTO_QUALITY = 0.9f;
  private static final float THUMBNAIL_QUALITY = 0.82f;

  private final UploadSettings settings;
  private final BlobStore store;
  private final Spool spool;
  private final Discards discards;
  private final Album album;
  private final Once once;
  private final Replies replies;
  private final Clock clock;

  private final Semaphore turns = new Semaphore(Runtime.getRuntime().availableProcessors(), true);
  private final Thumbnailer thumbnailer = new Thumbnailer(THUMBNAIL_PIXELS);
  private final Decoder decoder;

  @Inject
  Intake(
      UploadSettings settings,
      BlobStore store,
      Spool spool,
      Discards discards,
      Album album,
      Once once,
      Replies replies,
      Clock clock) {
    this.settings = settings;
    this.store = store;
    this.spool = spool;
    this.discards = discards;
    this.album = album;
    this.once = once;
    this.replies = replies;
    this.clock = clock;
    this.decoder = new Decoder(settings.maxPixels());
  }

  /**
   * Whether a file begins as a picture does that the studio takes.
   *
   * @param head its first {@value #HEAD_LENGTH} bytes, or fewer where it is shorter
   */
  public static boolean isPicture(byte[] head) {
    return ImageFormat.of(head).isPresent();
  }

  /**
   * @param key the client's idempotency key, or null
   * @param answer makes the reply for the stored photo, in the storing transaction
   * @throws PhotoRefused when this is no picture that the studio takes
   */
  public Reply take(
      String userId,
      Visibility visibility,
      @Nullable String key,
      InputStream content,
      Function<Photo, Reply> answer)
      throws IOException {
    try (Spool.Spooled file = spool.file()) {
      Upload upload = new Upload(content, settings.maxBytes());
      try (OutputStream out = file.write()) {
        upload.transferTo(out);
      }
      Optional<Key> same =
          Key.of(
              userId,
              "upload",
              key,
              upload.digest(),
              visibility.name().getBytes(StandardCharsets.UTF_8));
      Optional<Reply> known = same.flatMap(replies::known);
      if (known.isPresent()) {
        return known.get();
      }
      turns.acquireUninterruptibly();
      try {
        return develop(userId, visibility, decode(file), same, answer);
      } finally {
        turns.release();
      }
    }
  }

  private Reply develop(
      String userId,
      Visibility visibility,
      BufferedImage image,
      Optional<Key> key,
      Function<Photo, Reply> answer)
      throws IOException {
    String id = UUID.randomUUID().toString();
    String guard = discards.guard(List.of(Photo.key(id), Photo.thumbnailKey(id)));
    try {
      long size = store.write(Photo.key(id), out -> Jpeg.write(image, out, PHOTO_QUALITY));
      BufferedImage small = thumbnailer.thumbnail(image);
      store.write(Photo.thumbnailKey(id), out -> Jpeg.write(small, out, THUMBNAIL_QUALITY));
      Photo photo =
          new Photo(
              id, userId, visibility, image.getWidth(), image.getHeight(), size, clock.instant());
      return once.reply(key, () -> answerTo(photo, guard, answer));
    } finally {
      expire(guard);
    }
  }

  /** Nothing to do when the photo is stored; else another request with its key may be first. */
  private void expire(String guard) {
    try {
      discards.expire(guard);
    } catch (RuntimeException e) {
      LOG.log(Level.DEBUG, "The guard expires by itself", e);
    }
  }

  private Reply answerTo(Photo photo, String guard, Function<Photo, Reply> answer) {
    Reply reply = answer.apply(photo); // first, as what it may lock comes before the log's head
    album.add(photo, guard);
    return reply;
  }

  private BufferedImage decode(Spool.Spooled file) throws IOException {
    try (InputStream in = file.read()) {
      return decoder.decode(in.readAllBytes());
    } catch (ImageRefusedException e) {
      throw PhotoRefused.of(e);
    }
  }
}
