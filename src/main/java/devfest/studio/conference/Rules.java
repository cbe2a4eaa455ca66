package devfest.studio.conference;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the organisers have decided, for other parts of the studio. Thread-safe. */
@ApplicationScoped
public class Rules {

  private final Organisers organisers;

  @Inject
  Rules(Organisers organisers) {
    this.organisers = organisers;
  }

  /** Returns the name of the event. */
  public String eventName() {
    return organisers.profile().name();
  }

  /** Whether public pictures are shown to others only after their approval. */
  public boolean approvalFirst() {
    return organisers.profile().moderation().equals(Approval.BEFORE.toString());
  }

  /** Whether attendees see the public pictures of others. */
  public boolean revealed() {
    return organisers.profile().reveal();
  }

  /** Returns where attendees can join; empty if the organisers have not said it. */
  public Optional<String> joinUrl() {
    return Optional.ofNullable(organisers.profile().joinUrl());
  }

  /** Returns the id of a file; empty if there is none. */
  public Optional<String> artwork(Artwork kind) {
    return organisers.artwork(kind);
  }

  /**
   * Replaces a file in the caller's transaction, as its last step.
   *
   * @param id null to remove the file
   */
  @Transactional(TxType.MANDATORY)
  public void changeArtwork(Artwork kind, @Nullable String id) {
    organisers.changeArtwork(kind, id);
  }

  /** Returns the id of a file, which no other transaction changes until the caller's ends. */
  @Transactional(TxType.MANDATORY)
  public Optional<String> lockArtwork(Artwork kind) {
    return organisers.lockArtwork(kind);
  }
}
