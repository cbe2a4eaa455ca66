package devfest.studio.photos;

import devfest.studio.events.Visibility;
import devfest.studio.http.Problem;
import jakarta.ws.rs.core.EntityPart;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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
   * @throws Problem 400 when there is none
   */
  public EntityPart file() {
    return part("file")
        .or(() -> part("photo"))
        .orElseThrow(() -> Problem.badRequest("A part named 'file' or 'photo' is missing"));
  }

  /**
   * Private unless it says otherwise.
   *
   * @throws Problem 400 when it says neither
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
      throw Problem.badRequest(e.getMessage());
    }
  }

  private Optional<EntityPart> part(String name) {
    return parts.stream().filter(part -> name.equals(part.getName())).findFirst();
  }
}
