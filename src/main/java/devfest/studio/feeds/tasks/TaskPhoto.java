package devfest.studio.feeds.tasks;

import devfest.studio.base.Text;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The result for one photo of a task's archive: a stored photo or an error. */
@Entity
@Table(name = "task_photo")
@IdClass(TaskPhoto.Key.class)
class TaskPhoto {

  @Id
  @Column(name = "task_id")
  private String taskId;

  @Id private int number;
  private String name;

  @Column(name = "photo_id")
  private @Nullable String photoId;

  private @Nullable String error;

  protected TaskPhoto() {}

  /**
   * @param number index of the photo in the archive, from 0
   * @param photoId id of the stored photo; null if it was rejected
   * @param error reason of the rejection; null if it was stored
   */
  TaskPhoto(
      String taskId, int number, String name, @Nullable String photoId, @Nullable String error) {
    this.taskId = taskId;
    this.number = number;
    this.name = name;
    this.photoId = photoId;
    this.error = Text.error(error);
  }

  int number() {
    return number;
  }

  String name() {
    return name;
  }

  @Nullable String photoId() {
    return photoId;
  }

  @Nullable String error() {
    return error;
  }

  /** The task and the index of the photo in its archive. */
  @SuppressWarnings("NullAway.Init") // JPA sets its fields
  static class Key implements Serializable {

    private String taskId;
    private int number;

    protected Key() {}

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && key.taskId.equals(taskId) && key.number == number;
    }

    @Override
    public int hashCode() {
      return Objects.hash(taskId, number);
    }
  }
}
