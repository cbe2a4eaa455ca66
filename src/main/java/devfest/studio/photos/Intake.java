package devfest.studio.photos;

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
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * Turns what a client sent into a stored photo. Pictures are decoded only as many at a time as the
 * machine has cores, so that memory is bounded; further uploads wait their turn.
 */
@ApplicationScoped
public class Intake {

  private static final int THUMBNAIL_PIXELS = 300;
  private static final float PHOTO_QUALITY = 0.9f;
  private static final float THUMBNAIL_QUALITY = 0.82f;

  @Inject private UploadSettings settings;

  @Inject private Storage storage;
  @Inject private Album album;
  @Inject private Once once;
  @Inject private Replies replies;
  @Inject private Clock clock;

  private final Semaphore turns = new Semaphore(Runtime.getRuntime().availableProcessors(), true);
  private final Thumbnailer thumbnailer = new Thumbnailer(THUMBNAIL_PIXELS);
  private Decoder decoder;

  @PostConstruct
  void configure() {
    decoder = new Decoder(settings.maxPixels());
  }

  /** Whether it begins as a picture does that the studio takes. */
  public static boolean isPicture(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return ImageFormat.of(in.readNBytes(ImageFormat.HEAD_LENGTH)).isPresent();
    }
  }

  /**
   * @param key the client's idempotency key, or null
   * @param answer what the client is told of the stored photo
   * @throws PhotoRefused when this is no picture that the studio takes
   */
  public Reply take(
      String userId,
      Visibility visibility,
      String key,
      InputStream content,
      Function<Photo, Reply> answer)
      throws IOException {
    Path file = storage.temporary();
    try {
      byte[] digest = storage.receive(content, file, settings.maxBytes());
      Optional<Key> same =
          Key.of(userId, "upload", key, digest, visibility.name().getBytes(StandardCharsets.UTF_8));
      Optional<Reply> known = same.flatMap(replies::known);
      if (known.isPresent()) {
        return known.get();
      }
      turns.acquireUninterruptibly();
      try {
        return develop(userId, visibility, file, same, answer);
      } finally {
        turns.release();
      }
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private Reply develop(
      String userId,
      Visibility visibility,
      Path file,
      Optional<Key> key,
      Function<Photo, Reply> answer)
      throws IOException {
    BufferedImage image = decode(file);
    String id = UUID.randomUUID().toString();
    Path photoFile = storage.photo(id);
    Path thumbnailFile = storage.thumbnail(id);
    boolean offered = false;
    try {
      storage.write(photoFile, target -> Jpeg.write(image, target, PHOTO_QUALITY));
      BufferedImage small = thumbnailer.thumbnail(image);
      storage.write(thumbnailFile, target -> Jpeg.write(small, target, THUMBNAIL_QUALITY));
      Photo photo =
          new Photo(
              id,
              userId,
              visibility,
              image.getWidth(),
              image.getHeight(),
              Files.size(photoFile),
              clock.instant());
      offered = true;
      return once.reply(key, () -> answerTo(photo, answer));
    } finally {
      if (!offered || !isKept(id)) {
        storage.delete(List.of(photoFile, thumbnailFile));
      }
    }
  }

  /** False when another request with the same key was first, or the photo could not be stored. */
  private boolean isKept(String id) {
    try {
      return album.find(id).isPresent();
    } catch (RuntimeException e) {
      return true; // not known: a file too many does less harm than one that is missing
    }
  }

  private Reply answerTo(Photo photo, Function<Photo, Reply> answer) {
    Reply reply = answer.apply(photo); // first, as what it may lock comes before the log's head
    album.add(photo);
    return reply;
  }

  private BufferedImage decode(Path file) throws IOException {
    try {
      return decoder.decode(file);
    } catch (ImageRefusedException e) {
      throw PhotoRefused.of(e);
    }
  }
}
