package devfest.studio.stream;

import devfest.studio.events.Audience;
import devfest.studio.events.Filter;
import devfest.studio.events.Subject;
import devfest.studio.http.Ids;
import devfest.studio.http.Problem;
import devfest.studio.log.Kinds;
import devfest.studio.security.Caller;
import devfest.studio.security.Callers;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.WebApplicationException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The query parameters that narrow a stream or the history. */
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

  /**
   * @throws Problem 400 when a parameter is malformed
   * @throws WebApplicationException 401 or 403 when a caller who is no admin asks for another user
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
      throw Problem.badRequest("userId is the name of a user");
    }
    if (user != null && !caller.mayActFor(user)) {
      throw Callers.refusal(caller, "Only an admin may ask for another user's events");
    }
    try {
      return new Filter(
          audience(caller), Filter.list(types), Filter.list(channels), subjects, user);
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest(String.valueOf(e.getMessage()));
    }
  }

  /** Whether the caller wants to see no more than somebody without a token would. */
  public boolean publicOnly() {
    return Start.present(visibility).isPresent();
  }

  /** The channels that are asked for; empty when none is named. */
  public List<String> channels() {
    return Filter.list(channels);
  }

  /** With {@code visibility=public} everybody sees what somebody without a token would. */
  private Audience audience(Caller caller) {
    return switch (Start.present(visibility).orElse("")) {
      case "" -> Audience.of(caller.userId(), caller.admin());
      case "public" -> Audience.of(null, false);
      default -> throw Problem.badRequest("visibility is 'public', or left out");
    };
  }

  private static Optional<String> id(@Nullable String text) {
    Optional<String> id = Start.present(text);
    if (!id.map(Ids::possible).orElse(true)) {
      throw Problem.badRequest("photoId and transformationId are ids that this studio gave out");
    }
    return id;
  }
}
