package devfest.studio.conference;

import devfest.studio.base.Millis;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The event at which the studio is used. Not thread-safe. */
@Entity
@Table(name = "conference")
class Conference {

  /** The id of the only row. */
  static final short ID = 1;

  /**
   * What the organisers can change.
   *
   * @param accent a colour as {@code #rrggbb}
   * @param joinUrl where attendees can join
   * @param moderation a value of {@link Approval} in the form of JSON
   * @param reveal whether attendees see the pictures of others
   */
  public record Profile(
      String name,
      @Nullable String tagline,
      @Nullable String accent,
      @Nullable Instant startsAt,
      @Nullable Instant endsAt,
      @Nullable String joinUrl,
      String moderation,
      boolean reveal) {}

  /**
   * A text that every open page shows.
   *
   * @param until when pages hide it
   */
  public record Announcement(String text, Instant until) {}

  @Id private short id;
  private String name;
  private @Nullable String tagline;
  private @Nullable String accent;

  @Column(name = "starts_at")
  private @Nullable Instant startsAt;

  @Column(name = "ends_at")
  private @Nullable Instant endsAt;

  @Column(name = "join_url")
  private @Nullable String joinUrl;

  @Enumerated(EnumType.STRING)
  private Approval moderation;

  private boolean reveal;

  @Column(name = "logo_id")
  private @Nullable String logoId;

  @Column(name = "frame_id")
  private @Nullable String frameId;

  private @Nullable String announcement;

  @Column(name = "announced_until")
  private @Nullable Instant announcedUntil;

  protected Conference() {}

  void change(Profile profile) {
    name = profile.name();
    tagline = profile.tagline();
    accent = profile.accent();
    startsAt = millis(profile.startsAt());
    endsAt = millis(profile.endsAt());
    joinUrl = profile.joinUrl();
    moderation = Approval.of(profile.moderation()).orElseThrow();
    reveal = profile.reveal();
  }

  /**
   * @param id null if there is none
   */
  void artwork(Artwork kind, @Nullable String id) {
    switch (kind) {
      case LOGO -> logoId = id;
      case FRAME -> frameId = id;
    }
  }

  Optional<String> artwork(Artwork kind) {
    return Optional.ofNullable(
        switch (kind) {
          case LOGO -> logoId;
          case FRAME -> frameId;
        });
  }

  private static @Nullable Instant millis(@Nullable Instant instant) {
    return instant == null ? null : Millis.of(instant);
  }

  void announce(Announcement next) {
    announcement = next.text();
    announcedUntil = Millis.of(next.until());
  }

  Profile profile() {
    return new Profile(
        name, tagline, accent, startsAt, endsAt, joinUrl, moderation.toString(), reveal);
  }

  /** Returns the announcement that pages show at an instant. */
  Optional<Announcement> announcement(Instant now) {
    return announcement != null && announcedUntil != null && now.isBefore(announcedUntil)
        ? Optional.of(new Announcement(announcement, announcedUntil))
        : Optional.empty();
  }
}
