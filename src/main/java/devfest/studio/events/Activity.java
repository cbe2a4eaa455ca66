package devfest.studio.events;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in a repository; fired in the transaction that works on it, so that what
 * is made of it is made once.
 */
public final class Activity {

  private final @Nullable String userId;
  private final String deliveryId;
  private final String event;
  private final Map<String, String> facts;
  private boolean used;

  /**
   * @param userId whose it is; null when it is the organisers'
   * @param event what GitHub calls it, for example {@code release}
   * @param facts parts of its payload by their path, for example {@code release.tag_name}
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

  /** Tells that something was made of it. */
  public void use() {
    used = true;
  }

  public boolean isUsed() {
    return used;
  }
}
