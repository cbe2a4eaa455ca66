package devfest.studio.conference;

import devfest.studio.conference.Conference.Announcement;
import devfest.studio.conference.Conference.Profile;
import devfest.studio.events.Event;
import devfest.studio.events.ReservedTypes;
import devfest.studio.events.Visibility;
import devfest.studio.guests.QrCode;
import devfest.studio.http.Links;
import devfest.studio.log.EventLog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What organisers change and announce. Safe for use from many threads and nodes. */
@ApplicationScoped
@Transactional
class Organisers {

  static final String CHANGED = "event.changed";
  static final String ANNOUNCEMENT = "announcement";

  @Produces static final ReservedTypes TYPES = ReservedTypes.of(CHANGED, ANNOUNCEMENT);

  private final EntityManager em;
  private final EventLog log;
  private final Jsonb json;
  private final Links links;
  private final ConferenceSettings settings;
  private final Clock clock;

  /** The newest QR code: drawing takes longer than everything else that a page needs. */
  private volatile @Nullable Drawing drawing;

  private record Drawing(String url, String svg) {}

  /** The data of {@value #CHANGED}: the profile and the URLs of the artwork. */
  public record Changed(
      String name,
      @Nullable String tagline,
      @Nullable String accent,
      @Nullable Instant startsAt,
      @Nullable Instant endsAt,
      @Nullable String joinUrl,
      String moderation,
      boolean reveal,
      @Nullable String logoUrl,
      @Nullable String frameUrl) {}

  @Inject
  Organisers(
      EntityManager em,
      EventLog log,
      Jsonb json,
      Links links,
      ConferenceSettings settings,
      Clock clock) {
    this.em = em;
    this.log = log;
    this.json = json;
    this.links = links;
    this.settings = settings;
    this.clock = clock;
  }

  /** Returns the address for joining as a QR code; empty if there is none. */
  Optional<String> qr(Profile profile) {
    String url = profile.joinUrl();
    if (url == null) {
      return Optional.empty();
    }
    Drawing known = drawing;
    if (known == null || !known.url().equals(url)) {
      known = new Drawing(url, QrCode.svg(url));
      drawing = known;
    }
    return Optional.of(known.svg());
  }

  Profile profile() {
    return profile(conference(LockModeType.NONE));
  }

  /** Returns the profile as it holds: a setting may demand approval. */
  private Profile profile(Conference conference) {
    Profile own = conference.profile();
    return !settings.approvalFirst()
        ? own
        : new Profile(
            own.name(),
            own.tagline(),
            own.accent(),
            own.startsAt(),
            own.endsAt(),
            own.joinUrl(),
            Approval.BEFORE.toString(),
            own.reveal());
  }

  /** Returns the announcement that pages show now. */
  Optional<Announcement> announcement() {
    return conference(LockModeType.NONE).announcement(clock.instant());
  }

  /** Replaces the profile by one that is made of the present one. */
  Profile change(UnaryOperator<Profile> next) {
    Conference conference = conference(LockModeType.PESSIMISTIC_WRITE);
    conference.change(next.apply(profile(conference)));
    announceChange(conference);
    return profile(conference);
  }

  /** Returns the id of a file; empty if there is none. */
  Optional<String> artwork(Artwork kind) {
    return conference(LockModeType.NONE).artwork(kind);
  }

  /** Returns the id of a file that is about to be replaced in the caller's transaction. */
  Optional<String> lockArtwork(Artwork kind) {
    return conference(LockModeType.PESSIMISTIC_WRITE).artwork(kind);
  }

  /**
   * Replaces a file.
   *
   * @param id null to remove it
   */
  void changeArtwork(Artwork kind, @Nullable String id) {
    Conference conference = conference(LockModeType.PESSIMISTIC_WRITE);
    conference.artwork(kind, id);
    announceChange(conference);
  }

  private void announceChange(Conference conference) {
    Profile profile = profile(conference);
    tell(
        CHANGED,
        new Changed(
            profile.name(),
            profile.tagline(),
            profile.accent(),
            profile.startsAt(),
            profile.endsAt(),
            profile.joinUrl(),
            profile.moderation(),
            profile.reveal(),
            conference.artwork(Artwork.LOGO).map(links::artwork).orElse(null),
            conference.artwork(Artwork.FRAME).map(links::artwork).orElse(null)));
  }

  /**
   * Announces a text, which replaces an earlier one.
   *
   * @param life how long pages show it
   */
  Announcement announce(String text, Duration life) {
    Announcement announcement = new Announcement(text, clock.instant().plus(life));
    conference(LockModeType.PESSIMISTIC_WRITE).announce(announcement);
    tell(ANNOUNCEMENT, announcement);
    return announcement;
  }

  private void tell(String type, Object data) {
    log.append(
        List.of(
            Event.of(type)
                .visibility(Visibility.PUBLIC)
                .channel(Event.STUDIO_CHANNEL)
                .data(json.toJson(data))
                .build()));
  }

  private Conference conference(LockModeType lock) {
    return em.find(Conference.class, Conference.ID, lock);
  }
}
