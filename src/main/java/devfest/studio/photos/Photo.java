package devfest.studio.photos;

import devfest.studio.base.Millis;
import devfest.studio.events.Visibility;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;

/** A stored photo. It never changes; its deletion also deletes everything derived from it. */
@Entity
@Table(name = "photo")
public class Photo {

  @Id private String id;

  @Column(name = "user_id")
  private String userId;

  @Enumerated(EnumType.STRING)
  private Visibility visibility;

  private String format;
  private int width;
  private int height;
  private long size;

  @Column(name = "uploaded_at")
  private Instant uploadedAt;

  protected Photo() {}

  Photo(
      String id,
      String userId,
      Visibility visibility,
      int width,
      int height,
      long size,
      Instant uploadedAt) {
    this.id = id;
    this.userId = userId;
    this.visibility = visibility;
    this.format = "jpeg";
    this.width = width;
    this.height = height;
    this.size = size;
    this.uploadedAt = Millis.of(uploadedAt);
  }

  /** The blob key of the image. */
  public static String key(String photoId) {
    return "photos/" + photoId + ".jpg";
  }

  static String thumbnailKey(String photoId) {
    return "photos/thumbnails/" + photoId + ".jpg";
  }

  /** The blob key of the medium copy, which exists only for a photo larger than that. */
  static String mediumKey(String photoId) {
    return "photos/medium/" + photoId + ".jpg";
  }

  /** The keys of all blobs that a photo may have. */
  static List<String> keys(String photoId) {
    return List.of(key(photoId), thumbnailKey(photoId), mediumKey(photoId));
  }

  public String id() {
    return id;
  }

  /** The id of the owner. */
  public String userId() {
    return userId;
  }

  public Visibility visibility() {
    return visibility;
  }

  String format() {
    return format;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /** The size of the stored image in bytes. */
  long size() {
    return size;
  }

  public Instant uploadedAt() {
    return uploadedAt;
  }
}
