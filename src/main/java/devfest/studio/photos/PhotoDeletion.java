package devfest.studio.photos;

import devfest.studio.events.Event;
import java.util.ArrayList;
import java.util.List;

/**
 * Fired while a photo is being deleted, in that transaction, so that what was made of it goes too.
 * Observers change their rows at once and leave here what is to be announced and removed with the
 * photo: the log is appended to last.
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

  /** Announces this before the photo's own event. */
  public void announce(Event event) {
    events.add(event);
  }

  /** Deletes the blob of this key after the commit. */
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
