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
 * Stores uploaded photos. At most one image per processor is decoded at the same time, which limits
 * memory; further uploads wait in order. Safe for use from many threads.
 */
@ApplicationScoped
public class Intake {

  /** Number of leading bytes that identify the file format. */
  public static final int HEAD_LENGTH = ImageFormat.HEAD_LENGTH;

  private static final Logger LOG = System.getLogger(Intake.class.getName());

  /** Length of the longer side; suits list views on dense screens. */
  private static final int THUMBNAIL_PIXELS = 300;

  /** JPEG quality that shows no artefacts after the single re-encoding. */
  private static final float PHOTO_QUALITY = 0.9f;

  /** JPEG quality; artefacts are hardly visible at this size. */
  private static final float THUMBNAIL_QUALITY = 0.82f;

  private final UploadSettings settings;
  private final BlobStore store;
  private final Spool spool;
  private final Discards discards;
  private final Album album;
  private final Once once;
  private final Replies replies;
  private final Clock clock;

  private final Semaphore decodeSlots =
      new Semaphore(Runtime.getRuntime().availableProcessors(), true);
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
   * Whether the file starts like an image in an accepted format.
   *
   * @param head the first {@value #HEAD_LENGTH} bytes of the file, or all bytes of a shorter file
   */
  public static boolean isPicture(byte[] head) {
    return ImageFormat.of(head).isPresent();
  }

  /**
   * Stores a photo and its thumbnail.
   *
   * @param userId the owner
   * @param key the idempotency key of the client; null or empty for none
   * @param content the image file; the caller closes it
   * @param answer builds the reply for the stored photo, inside the storing transaction
   * @return the reply, or the stored reply to an earlier request with the same key
   * @throws PhotoRefused if the file is not an acceptable image
   * @throws IOException if reading the content or writing a blob fails
   */
  public Reply receive(
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
      Optional<Key> idempotencyKey =
          Key.of(
              userId,
              "upload",
              key,
              upload.digest(),
              visibility.name().getBytes(StandardCharsets.UTF_8));
      Optional<Reply> known = idempotencyKey.flatMap(replies::find);
      if (known.isPresent()) {
        return known.get();
      }
      decodeSlots.acquireUninterruptibly();
      try {
        return encodeAndStore(userId, visibility, decode(file), idempotencyKey, answer);
      } finally {
        decodeSlots.release();
      }
    }
  }

  private Reply encodeAndStore(
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
      return once.reply(key, () -> addToAlbum(photo, guard, answer));
    } finally {
      expire(guard);
    }
  }

  /**
   * Deletes the blobs unless the photo was stored, for example because a concurrent request with
   * the same key was faster.
   */
  private void expire(String guard) {
    try {
      discards.expire(guard);
    } catch (RuntimeException e) {
      LOG.log(Level.DEBUG, "Could not expire the guard now; it expires in an hour", e);
    }
  }

  private Reply addToAlbum(Photo photo, String guard, Function<Photo, Reply> answer) {
    Reply reply =
        answer.apply(photo); // first, because it may lock rows, and the log's head is locked last
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
