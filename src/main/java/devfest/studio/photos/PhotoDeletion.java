package devfest.studio.photos;

import devfest.studio.events.Event;
import java.util.ArrayList;
import java.util.List;

/**
 * Fired in the transaction that deletes a photo, so that observers delete what they derived from
 * it. Observers change their rows at once and register events and blobs here, because the log is
 * appended to last. Not thread-safe.
 */
public final class PhotoDeletion {

  private final String photoId;
  private final List<Event> events = new ArrayList<>();
  private final List<String> blobs = new ArrayList<>();

  PhotoDeletion(String photoId) {
    this.photoId = photoId;
  }

  public String photoId() {
    return photoId;
  }

  /** Appends the event to the log, before {@code photo.deleted}. */
  public void announce(Event event) {
    events.add(event);
  }

  /** Deletes the blob after the commit. */
  public void discard(String key) {
    blobs.add(key);
  }

  List<Event> events() {
    return events;
  }

  List<String> blobs() {
    return blobs;
  }
}
