package devfest.studio.stream;

import devfest.studio.events.Audience;
import devfest.studio.events.Filter;
import devfest.studio.events.Kinds;
import devfest.studio.events.Subject;
import devfest.studio.http.Ids;
import devfest.studio.http.Problem;
import devfest.studio.security.Caller;
import devfest.studio.security.Callers;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.WebApplicationException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The query parameters that filter a stream or the history. */
public class Selection {

  @QueryParam("types")
  private @Nullable String types;

  @QueryParam("channels")
  private @Nullable String channels;

  @QueryParam("photoId")
  private @Nullable String photoId;

  @QueryParam("transformationId")
  private @Nullable String transformationId;

  @QueryParam("userId")
  private @Nullable String userId;

  @QueryParam("visibility")
  private @Nullable String visibility;

  /** Reads the parameters of a request that is not handled by a JAX-RS method. */
  static Selection of(HttpServletRequest request) {
    Selection of = new Selection();
    of.types = request.getParameter("types");
    of.channels = request.getParameter("channels");
    of.photoId = request.getParameter("photoId");
    of.transformationId = request.getParameter("transformationId");
    of.userId = request.getParameter("userId");
    of.visibility = request.getParameter("visibility");
    return of;
  }

  /**
   * @throws Problem 400 if a parameter is malformed
   * @throws WebApplicationException 401 or 403 if a caller without the admin role requests another
   *     user's events
   */
  public Filter filter(Caller caller) {
    @Nullable String user = Start.present(userId).orElse(null);
    List<Subject> subjects =
        Stream.of(
                id(photoId).map(id -> new Subject(Kinds.PHOTO, id)),
                id(transformationId).map(id -> new Subject(Kinds.TRANSFORMATION, id)))
            .flatMap(Optional::stream)
            .toList();
    if (user != null && !Caller.isUserId(user)) {
      throw Problem.badRequest("userId must have 1 to 255 characters, without control characters.");
    }
    if (user != null && !caller.mayActFor(user)) {
      throw Callers.refusal(caller, "Only an admin may request another user's events.");
    }
    try {
      return new Filter(
          audience(caller), Filter.list(types), Filter.list(channels), subjects, user);
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest(String.valueOf(e.getMessage()));
    }
  }

  /** Whether the caller requests only what an anonymous caller may see. */
  public boolean publicOnly() {
    return Start.present(visibility).isPresent();
  }

  /** The requested channels; empty if none is named. */
  public List<String> channels() {
    return Filter.list(channels);
  }

  /** With {@code visibility=public} every caller sees what an anonymous caller may see. */
  private Audience audience(Caller caller) {
    return switch (Start.present(visibility).orElse("")) {
      case "" -> Audience.of(caller.userId(), caller.admin());
      case "public" -> Audience.of(null, false);
      default -> throw Problem.badRequest("visibility must be 'public' if it is present.");
    };
  }

  private static Optional<String> id(@Nullable String text) {
    Optional<String> id = Start.present(text);
    if (!id.map(Ids::possible).orElse(true)) {
      throw Problem.badRequest(
          "photoId and transformationId must be ids that this studio assigned.");
    }
    return id;
  }
}
