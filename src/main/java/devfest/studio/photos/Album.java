package devfest.studio.photos;

import devfest.studio.events.Event;
import devfest.studio.http.Cursor;
import devfest.studio.http.Ids;
import devfest.studio.http.Links;
import devfest.studio.log.EventLog;
import devfest.studio.log.Kinds;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.spi.JsonProvider;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.TypedQuery;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stores the photos of all users. Each change commits together with its event. Safe for use from
 * many threads and nodes.
 */
@ApplicationScoped
@Transactional
public class Album {

  /** Cached, because each call of the static {@code Json} methods looks up the provider again. */
  private static final JsonProvider JSON = JsonProvider.provider();

  private final EntityManager em;
  private final EventLog log;
  private final Discards discards;
  private final Links links;
  private final jakarta.enterprise.event.Event<PhotoDeletion> deletions;

  @Inject
  Album(
      EntityManager em,
      EventLog log,
      Discards discards,
      Links links,
      jakarta.enterprise.event.Event<PhotoDeletion> deletions) {
    this.em = em;
    this.log = log;
    this.discards = discards;
    this.links = links;
    this.deletions = deletions;
  }

  /**
   * Adds a photo and appends {@code photo.uploaded}.
   *
   * @param guard id of the guard of the photo's blobs; they are kept from now on
   * @throws IllegalStateException if the guard has expired
   */
  void add(Photo photo, String guard) {
    discards.keep(guard);
    em.persist(photo);
    log.append(
        List.of(
            event(
                photo,
                "photo.uploaded",
                JSON.createObjectBuilder()
                    .add("photoId", photo.id())
                    .add("userId", photo.userId())
                    .add("photoUrl", links.photo(photo.id()))
                    .add("thumbnailUrl", links.thumbnail(photo.id())))));
  }

  /** Returns the number of photos of the user. */
  public long count(String userId) {
    return em.createQuery("select count(p) from Photo p where p.userId = :user", Long.class)
        .setParameter("user", userId)
        .getSingleResult();
  }

  public Optional<Photo> find(String photoId) {
    return Ids.possible(photoId)
        ? Optional.ofNullable(em.find(Photo.class, photoId))
        : Optional.empty();
  }

  /**
   * Returns photos, newest first.
   *
   * @param userId the owner; null for the photos of all users
   */
  List<Photo> newest(@Nullable String userId, Cursor after, int limit) {
    TypedQuery<Photo> query =
        em.createQuery(
            "select p from Photo p where "
                + (userId == null ? "" : "p.userId = :userId and ")
                + "(p.uploadedAt < :at or (p.uploadedAt = :at and p.id < :id))"
                + " order by p.uploadedAt desc, p.id desc",
            Photo.class);
    if (userId != null) {
      query.setParameter("userId", userId);
    }
    return query
        .setParameter("at", after.at())
        .setParameter("id", after.id())
        .setMaxResults(limit)
        .getResultList();
  }

  /**
   * Deletes the photo and everything derived from it.
   *
   * @return false if the photo does not exist
   */
  boolean delete(String photoId) {
    Photo photo = em.find(Photo.class, photoId, LockModeType.PESSIMISTIC_WRITE);
    if (photo == null) {
      return false;
    }
    PhotoDeletion deletion = new PhotoDeletion(photoId);
    deletions.fire(deletion);
    em.remove(photo);
    deletion.discard(Photo.key(photoId));
    deletion.discard(Photo.thumbnailKey(photoId));
    deletion.announce(
        event(
            photo,
            "photo.deleted",
            JSON.createObjectBuilder().add("photoId", photoId).add("userId", photo.userId())));
    discards.add(deletion.blobs());
    log.append(deletion.events());
    return true;
  }

  private static Event event(Photo photo, String type, JsonObjectBuilder data) {
    return Event.of(type)
        .visibility(photo.visibility())
        .userId(photo.userId())
        .channel(Event.STUDIO_CHANNEL)
        .about(Kinds.PHOTO, photo.id())
        .data(data.build().toString())
        .build();
  }
}
