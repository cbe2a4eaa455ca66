package devfest.studio.transformations;

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
import java.nio.file.NoSuchFileException;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The transformations of a user, which are erased with their photos. */
@ApplicationScoped
class PersonalTransformations implements Holding {

  private final EntityManager em;
  private final Gallery gallery;
  private final JobQueue queue;
  private final BlobStore store;
  private final Links links;

  @Inject
  PersonalTransformations(
      EntityManager em, Gallery gallery, JobQueue queue, BlobStore store, Links links) {
    this.em = em;
    this.gallery = gallery;
    this.queue = queue;
    this.store = store;
    this.links = links;
  }

  @Override
  public String name() {
    return "transformations";
  }

  @Override
  @Transactional
  public Map<String, Long> counts(Collection<String> users) {
    return Rows.counts(em, "Transformation", users);
  }

  @Override
  public void export(String user, Export export) throws IOException {
    export.array("transformations.json", Export.map(all(user), this::view));
    for (Iterator<Transformation> each = all(user); each.hasNext(); ) {
      Transformation next = each.next();
      if (next.status() == Status.COMPLETED) {
        addPicture(next.id(), export);
      }
    }
  }

  private void addPicture(String id, Export export) throws IOException {
    try (Blob blob = store.open(Transformation.resultKey(id));
        InputStream content = blob.read(0, blob.size())) {
      export.file(Transformation.resultKey(id), content);
    } catch (NoSuchFileException e) {
      // The transformation was deleted meanwhile.
    }
  }

  private TransformationsResource.View view(Transformation transformation) {
    @Nullable String url =
        transformation.status() == Status.COMPLETED ? links.result(transformation.id()) : null;
    return TransformationsResource.View.of(transformation, null, url);
  }

  private Iterator<Transformation> all(String user) {
    return Export.pages(last -> gallery.newest(user, after(last), Export.PAGE));
  }

  private static Cursor after(@Nullable Transformation last) {
    return last == null ? Cursor.START : new Cursor(last.createdAt(), last.id());
  }

  /** One per transaction, because each refunds the quota. */
  @Override
  public boolean withdraw(String user) {
    Optional<String> open = gallery.open(user);
    open.ifPresent(queue::cancelIfOpen);
    return open.isPresent();
  }

  @Override
  public boolean erase(String user) {
    return false;
  }
}
