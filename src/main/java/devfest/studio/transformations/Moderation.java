package devfest.studio.transformations;

import devfest.studio.base.Millis;
import devfest.studio.base.Missing;
import devfest.studio.conference.Rules;
import devfest.studio.events.DisplayNames;
import devfest.studio.events.Event;
import devfest.studio.events.Kinds;
import devfest.studio.events.Pseudonyms;
import devfest.studio.events.ReservedTypes;
import devfest.studio.events.Subject;
import devfest.studio.events.Visibility;
import devfest.studio.http.Links;
import devfest.studio.log.EventLog;
import devfest.studio.photos.HiddenFiles;
import devfest.studio.photos.Photo;
import devfest.studio.security.Admission;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.spi.JsonProvider;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides which public pictures others see. A hidden picture is nowhere: its events become private
 * in the log, and its links answer 404. Safe for use from many threads and nodes.
 */
@ApplicationScoped
@Transactional
class Moderation {

  private static final JsonProvider JSON = JsonProvider.provider();

  /** So many different users hide a picture by reporting it, until an organiser decides. */
  private static final int ENOUGH = 3;

  /** Pictures that one transaction reveals: the log names all of their events in one. */
  private static final int BATCH = 25;

  /** In the queue; organisers see the oldest first. */
  private static final int MOST = 100;

  private static final String APPROVED = "picture.approved";
  private static final String HIDDEN = "picture.hidden";
  private static final String SHOWN = "picture.shown";

  @Produces static final ReservedTypes TYPES = ReservedTypes.of("picture.*");

  /**
   * A picture that an organiser should look at.
   *
   * @param reports how many users have reported it; 0 if it waits for its approval
   * @param reasons what they wrote
   */
  record Case(Transformation picture, int reports, List<String> reasons) {}

  private final EntityManager em;
  private final EventLog log;
  private final HiddenFiles hiddenFiles;
  private final Admission admission;
  private final Pseudonyms pseudonyms;
  private final DisplayNames names;
  private final Rules rules;
  private final Links links;
  private final Clock clock;

  @Inject
  Moderation(
      EntityManager em,
      EventLog log,
      HiddenFiles hiddenFiles,
      Admission admission,
      Pseudonyms pseudonyms,
      DisplayNames names,
      Rules rules,
      Links links,
      Clock clock) {
    this.em = em;
    this.log = log;
    this.hiddenFiles = hiddenFiles;
    this.admission = admission;
    this.pseudonyms = pseudonyms;
    this.names = names;
    this.rules = rules;
    this.links = links;
    this.clock = clock;
  }

  /**
   * Shows a picture that waits, or that was hidden or reported; to attendees when the organisers
   * reveal the pictures.
   *
   * @throws Missing if it does not exist
   */
  Transformation approve(String id) {
    return show(lock(id), approved(rules));
  }

  /**
   * Shows a picture that was hidden or reported. One that had been waiting waits again.
   *
   * @throws Missing if it does not exist
   */
  Transformation show(String id) {
    Transformation picture = lock(id);
    return show(picture, picture.isUnapproved() ? Display.WAITING : approved(rules));
  }

  private Transformation show(Transformation picture, Display next) {
    String id = picture.id();
    Display before = picture.display();
    settleReports(id);
    if (before != next && (before == Display.WAITING || before == Display.HIDDEN)) {
      picture.display(next);
      hiddenFiles.remove(List.of(id, picture.photoId()));
      if (picture.display() == Display.SHOWN) {
        log.classify(seen(picture));
      }
      log.append(event(before == Display.WAITING ? APPROVED : SHOWN, picture, known(picture)));
    }
    return picture;
  }

  /** Returns who sees that it is shown: others only once there is a picture. */
  private static Visibility known(Transformation picture) {
    return picture.status() == Status.COMPLETED ? picture.shownTo() : Visibility.PRIVATE;
  }

  /** Returns what becomes of a public picture against which organisers have no objection. */
  static Display approved(Rules rules) {
    return rules.revealed() ? Display.SHOWN : Display.COVERED;
  }

  /** Who sees the events about a picture that is shown, and those about its photo. */
  private Map<Subject, Visibility> seen(Transformation picture) {
    return Map.of(
        new Subject(Kinds.TRANSFORMATION, picture.id()),
        picture.visibility(),
        new Subject(Kinds.PHOTO, picture.photoId()),
        photo(picture).visibility());
  }

  /**
   * Shows some pictures that were covered until the reveal.
   *
   * @return whether there may be more
   */
  boolean reveal() {
    if (!rules.revealed()) {
      return false;
    }
    List<String> covered =
        em.createQuery(
                "select t.id from Transformation t where t.display = :covered"
                    + " order by t.photoId, t.id", // as deletions lock photos
                String.class)
            .setParameter("covered", Display.COVERED)
            .setMaxResults(BATCH)
            .getResultList();
    Map<Subject, Visibility> seen = new HashMap<>();
    List<Event> events = new ArrayList<>();
    for (String id : covered) {
      find(id)
          .filter(picture -> picture.display() == Display.COVERED) // also after the lock
          .ifPresent(
              picture -> {
                picture.display(Display.SHOWN);
                seen.putAll(seen(picture));
                if (picture.status() == Status.COMPLETED) {
                  events.add(event(SHOWN, picture, picture.visibility()));
                }
              });
    }
    log.classify(seen);
    if (!events.isEmpty()) {
      log.append(events);
    }
    return covered.size() == BATCH;
  }

  /**
   * Hides a picture, and its photo unless another picture of it is shown.
   *
   * @throws Missing if it does not exist
   */
  Transformation hide(String id) {
    Transformation picture = lock(id);
    settleReports(id);
    conceal(picture);
    return picture;
  }

  private void conceal(Transformation picture) {
    if (picture.display() == Display.HIDDEN) {
      return;
    }
    Visibility known = picture.shownTo();
    picture.display(Display.HIDDEN);
    em.flush();
    Map<Subject, Visibility> events = new HashMap<>();
    List<String> files = new ArrayList<>();
    events.put(new Subject(Kinds.TRANSFORMATION, picture.id()), Visibility.PRIVATE);
    files.add(picture.id());
    if (!isPhotoShown(picture)) {
      events.put(new Subject(Kinds.PHOTO, picture.photoId()), Visibility.PRIVATE);
      files.add(picture.photoId());
    }
    hiddenFiles.add(files);
    log.classify(events);
    log.append(event(HIDDEN, picture, known));
  }

  private boolean isPhotoShown(Transformation picture) {
    return em.createQuery(
                "select count(t) from Transformation t where t.photoId = :photo"
                    + " and t.display = :shown and t.visibility = :public",
                Long.class)
            .setParameter("photo", picture.photoId())
            .setParameter("shown", Display.SHOWN)
            .setParameter("public", Visibility.PUBLIC)
            .getSingleResult()
        > 0;
  }

  /**
   * Records that a user finds a picture unfit. The last of {@value #ENOUGH} different users hides
   * it. A user's report counts once, even if an organiser shows the picture again.
   *
   * @throws Missing if it does not exist, or others do not see it
   */
  void report(String id, String user, @Nullable String reason) {
    admission.admit();
    Transformation picture = lock(id);
    if (!picture.isShownToAll()) {
      throw new Missing("transformation");
    }
    Report.Key key = new Report.Key(id, user);
    if (em.find(Report.class, key) == null) {
      em.persist(new Report(key, reason, clock.instant()));
      em.flush();
      if (reports(id).size() >= ENOUGH) {
        conceal(picture);
      }
    }
  }

  /** Returns the pictures that wait for an organiser, the oldest first. */
  List<Case> queue() {
    return em
        .createQuery(
            "select t from Transformation t where (t.display = :waiting and t.status = :completed)"
                + " or exists (select r from Report r where r.key.transformationId = t.id"
                + " and r.settledAt is null)"
                + " order by t.createdAt, t.id",
            Transformation.class)
        .setParameter("waiting", Display.WAITING)
        .setParameter("completed", Status.COMPLETED)
        .setMaxResults(MOST)
        .getResultList()
        .stream()
        .map(picture -> caseOf(picture, reports(picture.id())))
        .toList();
  }

  private static Case caseOf(Transformation picture, List<Report> reports) {
    return new Case(
        picture,
        reports.size(),
        reports.stream().map(Report::reason).filter(reason -> !reason.isEmpty()).toList());
  }

  private List<Report> reports(String id) {
    return em.createQuery(
            "select r from Report r where r.key.transformationId = :id and r.settledAt is null"
                + " order by r.reportedAt",
            Report.class)
        .setParameter("id", id)
        .getResultList();
  }

  /** The reports are kept, so that the same users cannot hide the picture again. */
  private void settleReports(String id) {
    int ignored =
        em.createQuery(
                "update Report r set r.settledAt = :now where r.key.transformationId = :id"
                    + " and r.settledAt is null")
            .setParameter("now", Millis.of(clock.instant()))
            .setParameter("id", id)
            .executeUpdate();
  }

  /**
   * Locks the photo, too, and first, as its deletion does: what happens to it depends on all of its
   * pictures.
   */
  private Transformation lock(String id) {
    return find(id).orElseThrow(() -> new Missing("transformation"));
  }

  /** Empty if it does not exist any more. */
  private Optional<Transformation> find(String id) {
    Transformation found = em.find(Transformation.class, id);
    if (found == null || photo(found) == null) {
      return Optional.empty();
    }
    em.refresh(found, LockModeType.PESSIMISTIC_WRITE);
    return Optional.of(found);
  }

  private Photo photo(Transformation picture) {
    return em.find(Photo.class, picture.photoId(), LockModeType.PESSIMISTIC_WRITE);
  }

  /**
   * @param seenBy who sees the event besides the owner
   */
  private Event event(String type, Transformation picture, Visibility seenBy) {
    JsonObjectBuilder data =
        JSON.createObjectBuilder()
            .add("transformationId", picture.id())
            .add("userId", pseudonyms.of(picture.userId(), picture.visibility()))
            .add("displayName", names.of(picture.userId()))
            .add("photoId", picture.photoId())
            .add("styleId", picture.styleId());
    if (picture.status() == Status.COMPLETED && !type.equals(HIDDEN)) {
      data.add("resultUrl", links.result(picture.id()));
    }
    return Event.of(type)
        .visibility(seenBy)
        .userId(picture.userId())
        .channel(Event.STUDIO_CHANNEL)
        .about(Kinds.PHOTO, picture.photoId())
        .about(Kinds.TRANSFORMATION, picture.id())
        .data(data.build().toString())
        .build()
        .under(pseudonyms);
  }
}
