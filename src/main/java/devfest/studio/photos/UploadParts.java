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

/** The parts of a multipart upload: a file and an optional visibility. Not thread-safe. */
public final class UploadParts {

  /** Longer than any visibility name; the rest of a longer value is not read. */
  private static final int MAX_FIELD_BYTES = 64;

  private final List<EntityPart> parts;

  public UploadParts(List<EntityPart> parts) {
    this.parts = parts;
  }

  /**
   * Returns the file part.
   *
   * @throws Problem 400 unless there is exactly one
   */
  public EntityPart file() {
    return part("file", "photo")
        .orElseThrow(() -> Problem.badRequest("The upload needs a part named 'file' or 'photo'."));
  }

  /**
   * Returns the visibility; private if the part is missing.
   *
   * @throws Problem 400 if the value is not a visibility or the part is repeated
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

  /** Rejects repeated parts, because the second one would be ignored silently. */
  private Optional<EntityPart> part(String... names) {
    List<EntityPart> found =
        parts.stream().filter(part -> Arrays.asList(names).contains(part.getName())).toList();
    if (found.size() > 1) {
      throw Problem.badRequest(
          "An upload must have one part named '%s'; this one has %d."
              .formatted(String.join("' or '", names), found.size()));
    }
    return found.stream().findFirst();
  }
}
