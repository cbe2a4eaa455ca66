package devfest.studio.photos;

import devfest.studio.conference.Rules;
import devfest.studio.events.DisplayNames;
import devfest.studio.events.Event;
import devfest.studio.events.Kinds;
import devfest.studio.events.Pseudonyms;
import devfest.studio.events.ReservedTypes;
import devfest.studio.events.Visibility;
import devfest.studio.http.Cursor;
import devfest.studio.http.Ids;
import devfest.studio.http.Links;
import devfest.studio.log.EventLog;
import devfest.studio.security.Admission;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.spi.JsonProvider;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.TypedQuery;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Objects;
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

  @Produces static final ReservedTypes TYPES = ReservedTypes.of("photo.*");

  private final EntityManager em;
  private final EventLog log;
  private final Discards discards;
  private final Links links;
  private final Admission admission;
  private final Pseudonyms pseudonyms;
  private final DisplayNames names;
  private final Rules rules;
  private final HiddenFiles hiddenFiles;
  private final jakarta.enterprise.event.Event<PhotoDeletion> deletions;

  @Inject
  Album(
      EntityManager em,
      EventLog log,
      Discards discards,
      Links links,
      Admission admission,
      Pseudonyms pseudonyms,
      DisplayNames names,
      Rules rules,
      HiddenFiles hiddenFiles,
      jakarta.enterprise.event.Event<PhotoDeletion> deletions) {
    this.em = em;
    this.log = log;
    this.discards = discards;
    this.links = links;
    this.admission = admission;
    this.pseudonyms = pseudonyms;
    this.names = names;
    this.rules = rules;
    this.hiddenFiles = hiddenFiles;
    this.deletions = deletions;
  }

  /**
   * Adds a photo and appends {@code photo.uploaded}.
   *
   * @param guard id of the guard of the photo's blobs; they are kept from now on
   * @throws IllegalStateException if the guard has expired
   */
  void add(Photo photo, String guard) {
    admission.admit();
    // What waits for approval or the reveal is shown with its first picture.
    Visibility seenBy =
        rules.approvalFirst() || !rules.revealed() ? Visibility.PRIVATE : photo.visibility();
    discards.keep(guard);
    em.persist(photo);
    log.append(
        List.of(
            event(
                photo,
                "photo.uploaded",
                seenBy,
                JSON.createObjectBuilder()
                    .add("photoId", photo.id())
                    .add("userId", pseudonyms.of(photo.userId(), photo.visibility()))
                    .add("displayName", names.of(photo.userId()))
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
  public List<Photo> newest(@Nullable String userId, Cursor after, int limit) {
    TypedQuery<Photo> query =
        em.createQuery(
            "select p from Photo p where "
                + (userId == null ? "" : "p.userId = :userId and ")
                + Cursor.condition("p.uploadedAt", "p.id")
                + " order by p.uploadedAt desc, p.id desc",
            Photo.class);
    if (userId != null) {
      query.setParameter("userId", userId);
    }
    return after.bind(query).setMaxResults(limit).getResultList();
  }

  /**
   * Deletes the photo and everything derived from it.
   *
   * @return false if the photo does not exist
   */
  boolean delete(String photoId) {
    return !delete(List.of(photoId)).isEmpty();
  }

  /**
   * Deletes several photos in one transaction. Their transformations should have ended, so that
   * this cannot deadlock with a refund of the quota.
   *
   * @return the keys of the blobs, whose deletion is scheduled; empty if no photo existed
   */
  List<String> delete(List<String> photoIds) {
    List<PhotoDeletion> deletions =
        photoIds.stream()
            .sorted()
            .map(id -> em.find(Photo.class, id, LockModeType.PESSIMISTIC_WRITE))
            .filter(Objects::nonNull)
            .map(this::delete)
            .toList();
    List<String> blobs = deletions.stream().flatMap(each -> each.blobs().stream()).toList();
    discards.add(blobs);
    List<Event> events = deletions.stream().flatMap(each -> each.events().stream()).toList();
    if (!events.isEmpty()) {
      log.append(events);
    }
    return blobs;
  }

  private PhotoDeletion delete(Photo photo) {
    String photoId = photo.id();
    PhotoDeletion deletion = new PhotoDeletion(photoId);
    deletions.fire(deletion);
    em.remove(photo);
    hiddenFiles.remove(List.of(photoId));
    Photo.keys(photoId).forEach(deletion::discard);
    deletion.announce(
        event(
            photo,
            "photo.deleted",
            photo.visibility(),
            JSON.createObjectBuilder()
                .add("photoId", photoId)
                .add("userId", pseudonyms.of(photo.userId(), photo.visibility()))
                .add("displayName", names.of(photo.userId()))));
    return deletion;
  }

  /**
   * @param seenBy who sees the event besides the owner
   */
  private Event event(Photo photo, String type, Visibility seenBy, JsonObjectBuilder data) {
    return Event.of(type)
        .visibility(seenBy)
        .userId(photo.userId())
        .channel(Event.STUDIO_CHANNEL)
        .about(Kinds.PHOTO, photo.id())
        .data(data.build().toString())
        .build()
        .under(pseudonyms);
  }
}
