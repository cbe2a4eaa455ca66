package devfest.studio.summary;

import devfest.studio.archive.ArchiveStream;
import devfest.studio.archive.Attachment;
import devfest.studio.archive.Turns;
import devfest.studio.blobs.Blob;
import devfest.studio.blobs.BlobStore;
import devfest.studio.cluster.Reservations;
import devfest.studio.conference.Rules;
import devfest.studio.events.DisplayNames;
import devfest.studio.http.Code;
import devfest.studio.http.Cursor;
import devfest.studio.http.Downloads;
import devfest.studio.http.Problem;
import devfest.studio.images.Style;
import devfest.studio.images.Styles;
import devfest.studio.personal.Export;
import devfest.studio.photos.Album;
import devfest.studio.photos.HiddenFiles;
import devfest.studio.photos.Photo;
import devfest.studio.summary.PictureArchive.Picture;
import devfest.studio.transformations.Gallery;
import devfest.studio.transformations.Transformation;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.Response;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Sends archives of pictures, one at a time per caller. Rows and pictures are read while the client
 * accepts bytes, so no transaction stays open. Safe for use from many threads.
 */
@ApplicationScoped
class PictureArchives {

  /** Rows that are read at once; what is hidden or deleted later is left out. */
  private static final int PAGE = 100;

  /** Archives in progress at this node: each reads much, and has an open file. */
  private static final int MOST = 64;

  private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

  private final Album album;
  private final Gallery gallery;
  private final HiddenFiles hidden;
  private final BlobStore store;
  private final DisplayNames names;
  private final Rules rules;
  private final Turns turns;
  private final Downloads downloads;
  private final Jsonb json;
  private final AtomicInteger places = new AtomicInteger();

  @Inject
  PictureArchives(
      Album album,
      Gallery gallery,
      HiddenFiles hidden,
      BlobStore store,
      DisplayNames names,
      Rules rules,
      Turns turns,
      Downloads downloads,
      Jsonb json) {
    this.album = album;
    this.gallery = gallery;
    this.hidden = hidden;
    this.store = store;
    this.names = names;
    this.rules = rules;
    this.turns = turns;
    this.downloads = downloads;
    this.json = json;
  }

  /**
   * Sends all pictures that everybody sees.
   *
   * @throws Problem 429 if the caller's previous archive is in progress, 503 if too many are
   */
  void sendAll(HttpServletRequest request, AsyncResponse response, String caller)
      throws IOException {
    send(request, response, caller, Export.pages(last -> all(after(last))));
  }

  /** Like {@link #sendAll}, with all photos and pictures of the caller that are not hidden. */
  void sendOwn(HttpServletRequest request, AsyncResponse response, String caller)
      throws IOException {
    send(request, response, caller, Export.pages(last -> own(caller, last)));
  }

  private void send(
      HttpServletRequest request, AsyncResponse response, String caller, Iterator<Picture> pictures)
      throws IOException {
    Map<String, String> headers =
        Map.of(
            "Content-Type",
            "application/zip",
            "Content-Disposition",
            Attachment.named(rules.eventName(), "pictures.zip"),
            "Cache-Control",
            "no-store");
    if (request.getMethod().equals(HttpMethod.HEAD)) {
      Response.ResponseBuilder head = Response.ok();
      headers.forEach(head::header);
      boolean ignored = response.resume(head.build());
      return;
    }
    Reservations.Key turn = turns.reserve(caller);
    Closeable place = place(turn);
    boolean sent = false;
    try {
      if (places.get() > MOST) {
        throw Problem.tryLater(
            Code.BUSY, "The studio sends too many archives at the moment.", RETRY_AFTER);
      }
      ArchiveStream archive =
          new ArchiveStream(new PictureArchive(pictures, this::open), json, turns.renewal(turn));
      archive.begin();
      sent = true; // closes the place, too
      downloads.send(request, response, headers, archive, place);
    } catch (Error e) {
      // WildFly answers a suspended request after an exception, but not after an Error.
      throw new IllegalStateException("The archive could not be sent.", e);
    } finally {
      if (!sent) {
        place.close();
      }
    }
  }

  /** Counts an archive until the result is closed. */
  private Closeable place(Reservations.Key turn) {
    places.incrementAndGet();
    AtomicBoolean closed = new AtomicBoolean();
    return () -> {
      if (closed.compareAndSet(false, true)) {
        int ignored = places.decrementAndGet();
        turns.release(turn);
      }
    };
  }

  private Blob open(Picture picture) throws IOException {
    String id = picture.transformationId() == null ? picture.photoId() : picture.transformationId();
    if (hidden.contains(id)) {
      throw new NoSuchFileException(picture.key());
    }
    return store.open(picture.key());
  }

  private List<Picture> all(Cursor after) {
    return pictures(gallery.shownToAll(after, PAGE));
  }

  /** Photos first, then pictures. */
  private List<Picture> own(String user, @Nullable Picture last) {
    if (last != null && last.transformationId() != null) {
      return pictures(gallery.completed(user, after(last), PAGE));
    }
    String name = names.of(user);
    List<Picture> photos =
        album.newest(user, after(last), PAGE).stream().map(photo -> picture(photo, name)).toList();
    return photos.isEmpty() ? pictures(gallery.completed(user, Cursor.START, PAGE)) : photos;
  }

  private static Cursor after(@Nullable Picture last) {
    if (last == null) {
      return Cursor.START;
    }
    String id = last.transformationId() == null ? last.photoId() : last.transformationId();
    return new Cursor(last.createdAt(), id);
  }

  private static Picture picture(Photo photo, String name) {
    return new Picture(
        Photo.key(photo.id()),
        null,
        photo.id(),
        name,
        photo.userId(),
        null,
        null,
        photo.uploadedAt(),
        null,
        photo.visibility().toString());
  }

  private List<Picture> pictures(List<Transformation> transformations) {
    names.load(transformations.stream().map(Transformation::userId).toList());
    return transformations.stream().map(this::picture).toList();
  }

  private Picture picture(Transformation picture) {
    String style = picture.styleId();
    return new Picture(
        Transformation.resultKey(picture.id()),
        picture.id(),
        picture.photoId(),
        names.of(picture.userId()),
        picture.userId(),
        style,
        Styles.builtIn().find(style).map(Style::name).orElse(style),
        picture.createdAt(),
        picture.completedAt(),
        picture.visibility().toString());
  }
}
