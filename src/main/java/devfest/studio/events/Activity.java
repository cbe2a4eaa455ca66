package devfest.studio.events;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event of a repository, as a webhook delivered it. Fired in the transaction that processes the
 * delivery: an exception of an observer rolls everything back. Used by one thread.
 */
public final class Activity {

  private final @Nullable String userId;
  private final String deliveryId;
  private final String event;
  private final Map<String, String> facts;
  private boolean used;

  /**
   * @param userId the user who registered the webhook; null for the organisers' webhook
   * @param deliveryId the delivery that contained the event
   * @param event the name of the event at GitHub, for example {@code release}
   * @param facts values of the payload by their path, for example {@code release.tag_name}
   */
  public Activity(
      @Nullable String userId, String deliveryId, String event, Map<String, String> facts) {
    this.userId = userId;
    this.deliveryId = deliveryId;
    this.event = event;
    this.facts = Map.copyOf(facts);
  }

  public @Nullable String userId() {
    return userId;
  }

  public String deliveryId() {
    return deliveryId;
  }

  public String event() {
    return event;
  }

  public Map<String, String> facts() {
    return facts;
  }

  /** Records that an observer has acted on the event. */
  public void markUsed() {
    used = true;
  }

  public boolean isUsed() {
    return used;
  }
}
