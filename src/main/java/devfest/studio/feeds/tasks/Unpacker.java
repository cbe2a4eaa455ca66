package devfest.studio.feeds.tasks;

import devfest.studio.base.DomainException;
import devfest.studio.blobs.BlobChannel;
import devfest.studio.blobs.BlobStore;
import devfest.studio.idempotency.Reply;
import devfest.studio.jobs.Attempt;
import devfest.studio.jobs.Backoff;
import devfest.studio.jobs.JobException;
import devfest.studio.jobs.Work;
import devfest.studio.photos.Intake;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Takes the photos out of a task's archive, one by one. Safe for use from many threads. */
@ApplicationScoped
class Unpacker implements Work<Task> {

  private static final int ATTEMPTS = 3;
  private static final int CHECKED = 10;
  private static final int FIRST = 30;
  private static final int LAST = 90;

  private final Tasks tasks;
  private final Intake intake;
  private final BlobStore store;

  private final TaskSettings settings;

  @Inject
  Unpacker(Tasks tasks, Intake intake, BlobStore store, TaskSettings settings) {
    this.tasks = tasks;
    this.intake = intake;
    this.store = store;
    this.settings = settings;
  }

  @Override
  public Class<Task> type() {
    return Task.class;
  }

  @Override
  public Set<? extends Enum<?>> open() {
    return Tasks.OPEN;
  }

  /** Decoding pictures takes turns with uploads, which come first. */
  @Override
  public int places() {
    return 2;
  }

  @Override
  public Duration lease() {
    return Duration.ofSeconds(15);
  }

  @Override
  public int attempts() {
    return ATTEMPTS;
  }

  @Override
  public Backoff backoff() {
    return new Backoff(Duration.ofSeconds(2), 4, Duration.ofMinutes(1));
  }

  @Override
  public String fault() {
    return "It could not be worked on, though it was tried " + ATTEMPTS + " times";
  }

  @Override
  public void claimed(Task task) {
    task.start();
  }

  @Override
  public void failed(Task task, String reason) {
    tasks.failed(task, reason);
  }

  /** Does what is left of the task. */
  @Override
  public void run(Task task, Attempt attempt) throws IOException, JobException {
    try {
      unpack(task, attempt);
    } catch (DomainException refused) {
      throw JobException.lasting(String.valueOf(refused.getMessage()), refused);
    }
  }

  private void unpack(Task task, Attempt attempt) throws IOException, JobException {
    Archive archive =
        new Archive(
            () -> new BlobChannel(store.open(Task.archiveKey(task.id()))),
            settings.maxPhotos(),
            settings.maxUnpackedBytes());
    int total = archive.check();
    tasks.advance(this, attempt, CHECKED);
    Set<Integer> done =
        tasks.photos(task.id()).stream().map(TaskPhoto::number).collect(Collectors.toSet());
    archive.photos(
        (number, name, content) -> {
          attempt.check();
          if (!done.contains(number)) {
            take(task, attempt, number, name, content, percent(number + 1, total));
          }
        });
    attempt.check();
    end(attempt, tasks.photos(task.id()));
  }

  private void end(Attempt attempt, List<TaskPhoto> photos) throws JobException {
    if (photos.stream().anyMatch(photo -> photo.photoId() != null)) {
      tasks.complete(this, attempt);
      return;
    }
    TaskPhoto first = photos.get(0);
    throw JobException.lasting(
        photos.size() == 1
            ? String.valueOf(first.error())
            : "None of the %d files could be taken in. The first, %s: %s"
                .formatted(photos.size(), first.name(), first.error()),
        null);
  }

  private static int percent(int done, int total) {
    return FIRST + (LAST - FIRST) * done / total;
  }

  private void take(
      Task task, Attempt attempt, int number, String name, InputStream content, int percent)
      throws IOException {
    try {
      // By a key, since then the photo and what is noted here commit together.
      Reply ignored =
          intake.take(
              task.userId(),
              task.visibility(),
              "task " + task.id() + ' ' + number,
              content,
              photo -> {
                TaskPhoto taken = new TaskPhoto(task.id(), number, name, photo.id(), null);
                tasks.note(this, attempt, taken, percent);
                return new Reply(201, null, "{}");
              });
    } catch (DomainException | Archive.UnreadableException e) {
      TaskPhoto refused = new TaskPhoto(task.id(), number, name, null, e.getMessage());
      tasks.note(this, attempt, refused, percent);
    }
  }
}
