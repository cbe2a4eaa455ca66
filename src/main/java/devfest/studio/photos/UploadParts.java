package devfest.studio.photos;

import devfest.studio.events.Visibility;
import devfest.studio.http.Problem;
import jakarta.ws.rs.core.EntityPart;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The parts of a multipart upload, as all uploads have them. */
public final class UploadParts {

  private static final int MAX_FIELD_BYTES = 64;

  private final List<EntityPart> parts;

  public UploadParts(List<EntityPart> parts) {
    this.parts = parts;
  }

  /**
   * @throws Problem 400 unless there is exactly one
   */
  public EntityPart file() {
    return part("file", "photo")
        .orElseThrow(() -> Problem.badRequest("A part named 'file' or 'photo' is missing"));
  }

  /**
   * Private unless it says otherwise.
   *
   * @throws Problem 400 when it says neither, or is there twice
   */
  public Visibility visibility() throws IOException {
    Optional<EntityPart> part = part("visibility");
    if (part.isEmpty()) {
      return Visibility.PRIVATE;
    }
    try (InputStream content = part.get().getContent()) {
      return Visibility.of(
          new String(content.readNBytes(MAX_FIELD_BYTES), StandardCharsets.UTF_8).strip());
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest(String.valueOf(e.getMessage()));
    }
  }

  /** A second one would be lost without a word. */
  private Optional<EntityPart> part(String... names) {
    List<EntityPart> found =
        parts.stream().filter(part -> Arrays.asList(names).contains(part.getName())).toList();
    if (found.size() > 1) {
      throw Problem.badRequest(
          "An upload has one part named '%s', and this one has %d."
              .formatted(String.join("' or '", names), found.size()));
    }
    return found.stream().findFirst();
  }
}
