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
import devfest.studio.images.Need;
import devfest.studio.images.SmallCopies;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Stores uploaded photos; they take {@link Turns}. Safe for use from many threads. */
@ApplicationScoped
public class Intake {

  /** Number of leading bytes that identify the file format. */
  public static final int HEAD_LENGTH = ImageFormat.HEAD_LENGTH;

  private static final Logger LOG = System.getLogger(Intake.class.getName());

  /** Length of the longer side; suits list views on dense screens. */
  private static final int THUMBNAIL_PIXELS = 300;

  /** JPEG quality that shows no artefacts after the single re-encoding. */
  private static final float PHOTO_QUALITY = 0.9f;

  /** JPEG quality without visible artefacts, at about two thirds of the size. */
  private static final float MEDIUM_QUALITY = 0.86f;

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

  private final Turns turns;
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
      Turns turns,
      Clock clock) {
    this.settings = settings;
    this.store = store;
    this.spool = spool;
    this.discards = discards;
    this.album = album;
    this.once = once;
    this.replies = replies;
    this.turns = turns;
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
   * Where a photo comes from.
   *
   * @param left whether nobody waits for the photo any more
   */
  public record Source(Turns.Purpose purpose, BooleanSupplier left) {

    /** An archive, whose photos are stored in the background. */
    public static final Source ARCHIVE = new Source(Turns.Purpose.ARCHIVE, () -> false);

    static Source upload(BooleanSupplier left) {
      return new Source(Turns.Purpose.UPLOAD, left);
    }
  }

  /**
   * Checks early that the user may upload another photo now.
   *
   * @throws TooManyUploads if too many uploads of the user wait
   */
  void check(String userId) {
    turns.check(userId);
  }

  /**
   * Reads an image file from a body or an archive.
   *
   * @param content the file; it is not closed here
   * @return the file, which the caller closes
   * @throws PhotoRefused if the content is empty or too long
   */
  public Received read(InputStream content) throws IOException {
    return Received.of(content, spool, settings.maxBytes());
  }

  /**
   * Reads a multipart body with an image file.
   *
   * @param contentType the header of the request
   * @return the form, which the caller closes
   */
  UploadForm form(InputStream body, @Nullable String contentType) throws IOException {
    return UploadForm.read(body, contentType, spool, settings.maxBytes());
  }

  /**
   * Stores a photo and its smaller copies.
   *
   * @param userId the owner
   * @param key the idempotency key of the client; null or empty for none
   * @param file the image file; the caller closes it
   * @param source the archive, or the request and whether its client has left
   * @param answer builds the response for the stored photo, inside the storing transaction
   * @return the response, or the stored reply to an earlier request with the same key
   * @throws PhotoRefused if the file is not an acceptable image
   * @throws TooManyUploads if too many uploads wait
   * @throws IOException if reading the file or writing a blob fails
   */
  public Reply receive(
      String userId,
      Visibility visibility,
      @Nullable String key,
      Received file,
      Source source,
      Function<Photo, Reply> answer)
      throws IOException {
    Optional<Key> idempotencyKey =
        Key.of(
            userId,
            "upload",
            key,
            file.digest(),
            visibility.name().getBytes(StandardCharsets.UTF_8));
    Optional<Reply> known = idempotencyKey.flatMap(replies::find);
    if (known.isPresent()) {
      return known.get();
    }
    String id = UUID.randomUUID().toString();
    Stored stored = store(id, userId, visibility, file, source);
    try {
      return once.reply(idempotencyKey, () -> addToAlbum(stored.photo(), stored.guard(), answer));
    } finally {
      expire(stored.guard());
    }
  }

  /** A photo whose blobs are written, with the guard that deletes them unless it is kept. */
  private record Stored(Photo photo, String guard) {}

  /** Decodes the file and writes the blobs when it is the user's turn. */
  private Stored store(
      String id, String userId, Visibility visibility, Received file, Source source)
      throws IOException {
    try {
      Turns.Turn turn = turns.take(userId, need(file), source.purpose(), source.left());
      try {
        String guard = discards.guard(Photo.keys(id));
        try {
          return new Stored(encode(id, userId, visibility, decode(file)), guard);
        } catch (IOException | ImageRefusedException | RuntimeException e) {
          expire(guard);
          throw e;
        }
      } finally {
        turn.close();
      }
    } catch (ImageRefusedException e) {
      throw PhotoRefused.of(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("The studio is shutting down");
    }
  }

  private Need need(Received file) throws IOException, ImageRefusedException {
    try (InputStream in = file.read()) {
      Need need = decoder.need(in, file.size());
      return need.plus(SmallCopies.mediumBytes(need));
    }
  }

  private BufferedImage decode(Received file) throws IOException, ImageRefusedException {
    return decoder.decode(file.bytes());
  }

  private Photo encode(String id, String userId, Visibility visibility, BufferedImage image)
      throws IOException {
    long size = store.write(Photo.key(id), out -> Jpeg.write(image, out, PHOTO_QUALITY));
    SmallCopies small = SmallCopies.of(image, THUMBNAIL_PIXELS);
    store.write(
        Photo.thumbnailKey(id), out -> Jpeg.write(small.thumbnail(), out, THUMBNAIL_QUALITY));
    if (small.medium().isPresent()) {
      BufferedImage medium = small.medium().get();
      store.write(Photo.mediumKey(id), out -> Jpeg.write(medium, out, MEDIUM_QUALITY));
    }
    return new Photo(
        id, userId, visibility, image.getWidth(), image.getHeight(), size, clock.instant());
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
}
