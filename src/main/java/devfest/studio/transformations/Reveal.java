package devfest.studio.transformations;

import devfest.studio.conference.Revealed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Shows the pictures that were covered until the organisers revealed them. Thread-safe. */
@ApplicationScoped
public class Reveal {

  private static final Logger LOG = System.getLogger(Reveal.class.getName());

  private final Moderation moderation;

  @Inject
  Reveal(Moderation moderation) {
    this.moderation = moderation;
  }

  void revealed(@Observes Revealed revealed) {
    finish();
  }

  /**
   * Shows what is still covered: a node has crashed in the middle of a reveal, or a picture was
   * covered at the same moment. Never throws, since the next sweep tries again.
   */
  public void sweep() {
    try {
      finish();
    } catch (RuntimeException e) {
      LOG.log(Level.DEBUG, "Covered pictures could not be shown", e);
    }
  }

  private void finish() {
    while (moderation.reveal()) {
      // each batch is a transaction of its own
    }
  }
}
