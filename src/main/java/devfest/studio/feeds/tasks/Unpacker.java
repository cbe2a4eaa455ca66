package devfest.studio.feeds.tasks;

import devfest.studio.base.DomainException;
import devfest.studio.idempotency.Reply;
import devfest.studio.photos.Intake;
import devfest.studio.photos.Photo;
import devfest.studio.photos.Storage;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** Takes the photos out of a task's archive, one by one. Safe for use from many threads. */
@ApplicationScoped
class Unpacker {

  private static final int CHECKED = 10;
  private static final int FIRST = 30;
  private static final int LAST = 90;

  @Inject private Tasks tasks;
  @Inject private Intake intake;
  @Inject private Storage storage;

  @Inject private TaskSettings settings;

  /**
   * Does what is left of the task.
   *
   * @param stop whether to leave the rest to somebody else
   * @throws BadArchive when the archive is not one that the studio takes
   * @throws Tasks.LostException when somebody else works on it
   */
  void work(Tasks.Claimed claimed, BooleanSupplier stop) throws IOException {
    String id = claimed.task().id();
    Archive archive =
        new Archive(storage.archive(id), settings.maxPhotos(), settings.maxUnpackedBytes());
    int total = archive.check();
    tasks.advance(claimed, CHECKED);
    Set<Integer> done =
        tasks.photos(id).stream().map(TaskPhoto::number).collect(Collectors.toSet());
    archive.photos(
        (number, name, content) -> {
          if (!done.contains(number) && !stop.getAsBoolean()) {
            take(claimed, number, name, content, percent(number + 1, total));
          }
        });
    if (!stop.getAsBoolean()) {
      end(claimed, tasks.photos(id));
    }
  }

  private void end(Tasks.Claimed claimed, List<TaskPhoto> photos) {
    if (photos.stream().anyMatch(photo -> photo.photoId() != null)) {
      tasks.complete(claimed);
    } else {
      TaskPhoto first = photos.get(0);
      tasks.fail(
          claimed,
          photos.size() == 1
              ? first.error()
              : "None of the %d files could be taken in. The first, %s: %s"
                  .formatted(photos.size(), first.name(), first.error()));
    }
  }

  private static int percent(int done, int total) {
    return FIRST + (LAST - FIRST) * done / total;
  }

  private void take(
      Tasks.Claimed claimed, int number, String name, InputStream content, int percent)
      throws IOException {
    Task task = claimed.task();
    try {
      // By a key, since then the photo and what is noted here commit together.
      Reply ignored =
          intake.take(
              task.userId(),
              task.visibility(),
              "task " + task.id() + ' ' + number,
              content,
              photo -> note(claimed, number, name, photo, percent));
    } catch (DomainException refused) {
      refuse(claimed, number, name, refused.getMessage(), percent);
    } catch (Archive.UnreadableException e) {
      refuse(claimed, number, name, e.getMessage(), percent);
    }
  }

  private void refuse(Tasks.Claimed claimed, int number, String name, String reason, int percent) {
    tasks.note(claimed, new TaskPhoto(claimed.task().id(), number, name, null, reason), percent);
  }

  private Reply note(Tasks.Claimed claimed, int number, String name, Photo photo, int percent) {
    tasks.note(
        claimed, new TaskPhoto(claimed.task().id(), number, name, photo.id(), null), percent);
    return new Reply(201, null, "{}");
  }
}
