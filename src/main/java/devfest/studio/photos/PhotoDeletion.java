package devfest.studio.photos;

import devfest.studio.events.Event;
import java.nio.file.Path;
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
  private final List<Path> files = new ArrayList<>();

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

  /** Removes the file after the commit. */
  public void discard(Path file) {
    files.add(file);
  }

  List<Event> events() {
    return events;
  }

  List<Path> files() {
    return files;
  }
}
