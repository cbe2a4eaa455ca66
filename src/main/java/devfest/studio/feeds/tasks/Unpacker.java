package devfest.studio.feeds.tasks;

import devfest.studio.base.Backoff;
import devfest.studio.base.DomainException;
import devfest.studio.blobs.BlobChannel;
import devfest.studio.blobs.BlobStore;
import devfest.studio.idempotency.Reply;
import devfest.studio.jobs.Attempt;
import devfest.studio.jobs.JobException;
import devfest.studio.jobs.Work;
import devfest.studio.photos.Intake;
import devfest.studio.photos.Received;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Unpacks the archive of a task and stores its photos one by one. Safe for use from many threads.
 */
@ApplicationScoped
class Unpacker implements Work<Task> {

  /** Bridges a brief failure; most others are caused by the archive and recur. */
  private static final int ATTEMPTS = 3;

  /** Progress in percent after the check of the archive. */
  private static final int CHECKED = 10;

  /** Progress in percent from which the photos are counted. */
  private static final int FIRST = 30;

  /** Progress in percent after the last photo. */
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
  public Set<? extends Enum<?>> openStatuses() {
    return Tasks.OPEN;
  }

  /** Few, because decoding shares its slots with direct uploads, which should not have to wait. */
  @Override
  public int concurrency() {
    return 2;
  }

  /** A photo takes a second or two; renewals extend the lease during a long task. */
  @Override
  public Duration lease() {
    return Duration.ofSeconds(15);
  }

  @Override
  public int maxAttempts() {
    return ATTEMPTS;
  }

  /** About 2 and 8 seconds. */
  @Override
  public Backoff backoff() {
    return new Backoff(Duration.ofSeconds(2), 4, Duration.ofMinutes(1));
  }

  @Override
  public String faultMessage() {
    return "The archive could not be processed in %d attempts.".formatted(ATTEMPTS);
  }

  @Override
  public void claimed(Task task) {
    task.start();
  }

  @Override
  public void failed(Task task, String reason) {
    tasks.failed(task, reason);
  }

  /** Unpacks the photos that earlier attempts have not processed. */
  @Override
  public void run(Task task, Attempt attempt) throws IOException, JobException {
    try {
      unpack(task, attempt);
    } catch (DomainException e) {
      throw JobException.permanent(String.valueOf(e.getMessage()), e);
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
            store(task, attempt, number, name, content, percent(number + 1, total));
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
    throw JobException.permanent(
        photos.size() == 1
            ? String.valueOf(first.error())
            : "None of the %d files could be stored. The first, %s: %s"
                .formatted(photos.size(), first.name(), first.error()),
        null);
  }

  private static int percent(int done, int total) {
    return FIRST + (LAST - FIRST) * done / total;
  }

  private void store(
      Task task, Attempt attempt, int number, String name, InputStream content, int percent)
      throws IOException {
    try (Received file = intake.read(content)) {
      // The key makes the photo and its result commit in the same transaction.
      Reply ignored =
          intake.receive(
              task.userId(),
              task.visibility(),
              "task " + task.id() + ' ' + number,
              file,
              Intake.Source.ARCHIVE,
              photo -> {
                TaskPhoto stored = new TaskPhoto(task.id(), number, name, photo.id(), null);
                tasks.record(this, attempt, stored, percent);
                return new Reply(201, null, "{}");
              });
    } catch (DomainException | Archive.UnreadableException e) {
      TaskPhoto rejected = new TaskPhoto(task.id(), number, name, null, e.getMessage());
      tasks.record(this, attempt, rejected, percent);
    }
  }
}
