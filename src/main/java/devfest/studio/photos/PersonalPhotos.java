package devfest.studio.photos;

import devfest.studio.blobs.Blob;
import devfest.studio.blobs.BlobStore;
import devfest.studio.http.Cursor;
import devfest.studio.http.Links;
import devfest.studio.personal.Export;
import devfest.studio.personal.Holding;
import devfest.studio.personal.Rows;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.NoSuchFileException;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The photos of a user, with everything derived from them. */
@ApplicationScoped
class PersonalPhotos implements Holding {

  private static final Logger LOG = System.getLogger(PersonalPhotos.class.getName());

  /** Per transaction: the events of their deletion are appended at once. */
  private static final int BATCH = 50;

  private final EntityManager em;
  private final Album album;
  private final BlobStore store;
  private final Links links;

  @Inject
  PersonalPhotos(EntityManager em, Album album, BlobStore store, Links links) {
    this.em = em;
    this.album = album;
    this.store = store;
    this.links = links;
  }

  @Override
  public String name() {
    return "photos";
  }

  @Override
  @Transactional
  public Map<String, Long> counts(Collection<String> users) {
    return Rows.counts(em, "Photo", users);
  }

  @Override
  public void export(String user, Export export) throws IOException {
    export.array(
        "photos.json", Export.map(photos(user), photo -> PhotosResource.View.of(photo, links)));
    for (Iterator<Photo> each = photos(user); each.hasNext(); ) {
      Photo photo = each.next();
      try (Blob blob = store.open(Photo.key(photo.id()));
          InputStream content = blob.read(0, blob.size())) {
        export.file(Photo.key(photo.id()), content);
      } catch (NoSuchFileException e) {
        // The photo was deleted meanwhile.
      }
    }
  }

  private Iterator<Photo> photos(String user) {
    return Export.pages(last -> album.newest(user, after(last), Export.PAGE));
  }

  private static Cursor after(@Nullable Photo last) {
    return last == null ? Cursor.START : new Cursor(last.uploadedAt(), last.id());
  }

  @Override
  public boolean erase(String user) {
    List<String> ids = album.newest(user, Cursor.START, BATCH).stream().map(Photo::id).toList();
    List<String> blobs = ids.isEmpty() ? List.of() : album.delete(ids);
    blobs.forEach(this::delete);
    return !ids.isEmpty();
  }

  /** Deletes a blob at once, so that its link is dead when the erasure ends. */
  private void delete(String key) {
    try {
      store.delete(key);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "A file cannot be deleted now; the sweep retries", e);
    }
  }
}
