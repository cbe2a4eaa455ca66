package devfest.studio.feeds.games;

import devfest.studio.feed.Feeds;
import devfest.studio.http.Cursor;
import devfest.studio.http.Field;
import devfest.studio.http.Limit;
import devfest.studio.http.Limited;
import devfest.studio.http.Links;
import devfest.studio.http.LiteralPath;
import devfest.studio.http.Page;
import devfest.studio.http.PlainText;
import devfest.studio.http.Problem;
import devfest.studio.http.WholeNumber;
import devfest.studio.security.Callers;
import devfest.studio.security.Roles;
import devfest.studio.stream.StreamRequest;
import devfest.studio.stream.Streams;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonNumber;
import jakarta.json.JsonValue;
import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.persistence.PersistenceException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Endpoints of games and their scores. */
@RequestScoped
@Path("/games")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Games")
public class GamesResource {

  /** In characters; fits on a scoreboard. */
  private static final int MAX_NAME = 100;

  /** Above any real score; rejects accidental input. */
  private static final int MAX_SCORE = 1_000_000;

  /** The syntax of the name of a change; empty selects the default. */
  private static final String TYPE = "^([A-Za-z][A-Za-z0-9_-]{0,63})?$";

  private static final String TYPE_RULE =
      "must have at most 64 characters: letters, digits, '_' and '-', and must start with a letter.";

  /** The sides of a new game. */
  public record Sides(
      @PlainText(max = MAX_NAME, lines = false) String home,
      @PlainText(max = MAX_NAME, lines = false) String away) {}

  /** A new score; both numbers are required. */
  @Schema(name = "ScoreWish")
  public record Input(
      @JsonbProperty("home_score")
          @Schema(type = SchemaType.INTEGER)
          @WholeNumber(min = 0, max = MAX_SCORE)
          JsonValue homeScore,
      @JsonbProperty("away_score")
          @Schema(type = SchemaType.INTEGER)
          @WholeNumber(min = 0, max = MAX_SCORE)
          JsonValue awayScore,
      @JsonbProperty("event_type") @Pattern(regexp = TYPE, message = TYPE_RULE)
          @Nullable String eventType) {

    private int home() {
      return ((JsonNumber) homeScore).intValueExact();
    }

    private int away() {
      return ((JsonNumber) awayScore).intValueExact();
    }
  }

  @Inject private Games games;
  @Inject private ScoreFeed feed;
  @Inject private Feeds feeds;
  @Inject private Links links;
  @Inject private Callers callers;
  @Context private SecurityContext context;
  @Context private HttpServletRequest request;

  @POST
  @Limited(Limit.GAMES)
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed({Roles.PUBLISHER, Roles.ADMIN})
  @Operation(summary = "Create a game: {home, away} are the names of the sides")
  @APIResponse(
      responseCode = "201",
      description = "The game with the score 0:0; the event game.created follows",
      content = @Content(schema = @Schema(implementation = Game.View.class)))
  @APIResponse(
      responseCode = "409",
      description = "The caller has too many games that are not finished")
  public Response create(@NotNull(message = "must be a JSON object.") @Valid Sides sides) {
    callers.requireChannel(context, Games.CHANNEL + '/');
    callers.requireType(context, Games.CREATED);
    Game game =
        games.create(
            callers.caller(context).user(), Field.strip(sides.home()), Field.strip(sides.away()));
    return Response.created(URI.create(links.api("/games/" + game.id())))
        .entity(game.view())
        .build();
  }

  @POST
  @Limited(Limit.PUBLISHING)
  @Path("/{id}/score")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed({Roles.PUBLISHER, Roles.ADMIN})
  @Operation(
      summary = "Change the score: {home_score, away_score, event_type?}",
      description =
          "Streams send the change as 'score' or under the given type. The type 'finished' ends the"
              + " game and its streams. A request to /api/games/{id}/score creates the game if it does"
              + " not exist.")
  @APIResponse(responseCode = "200", description = "The game")
  @APIResponse(responseCode = "404", description = "The game does not exist")
  @APIResponse(
      responseCode = "409",
      description = "The game is finished, or the caller has too many games that are not")
  public Game.View score(
      @PathParam("id") String id, @NotNull(message = "must be a JSON object.") @Valid Input input) {
    String type = type(input.eventType());
    callers.requireChannel(context, Games.CHANNEL + '/' + id);
    callers.requireType(context, type);
    String user = callers.caller(context).user();
    if (!LiteralPath.isAny(request)) {
      return games.score(user, id, input.home(), input.away(), type, false).view();
    }
    try {
      return games.score(user, id, input.home(), input.away(), type, true).view();
    } catch (PersistenceException e) {
      // A concurrent request has created the game.
      return games.score(user, id, input.home(), input.away(), type, false).view();
    }
  }

  private static String type(@Nullable String text) {
    String type = text == null || text.isEmpty() ? Game.SCORE : text;
    // Not a constraint, because other classes declare which names are reserved.
    if (type.equals(ScoreFeed.INITIAL) || Streams.TYPES.includes(type)) {
      throw Problem.badRequest("The event_type '" + type + "' is reserved.");
    }
    return type;
  }

  @GET
  @PermitAll
  @Operation(summary = "List games, newest first")
  public Page<Game.View> list(
      @QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
    callers.reader(context);
    return Page.of(
        Page.limit(limit),
        max -> games.newest(Cursor.of(cursor), max),
        Game::view,
        game -> new Cursor(game.createdAt(), game.id()));
  }

  @GET
  @Path("/{id}")
  @PermitAll
  @Operation(summary = "Get a game")
  @APIResponse(responseCode = "200", description = "The game")
  @APIResponse(responseCode = "404", description = "The game does not exist")
  public Game.View get(@PathParam("id") String id) {
    callers.reader(context);
    return game(id).view();
  }

  private Game game(String id) {
    return games.find(id).orElseThrow(() -> Problem.notFound("game"));
  }

  @GET
  @Path("/{id}/stream")
  @PermitAll
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(
      summary = "Stream initial, then score or the given type on each change",
      description =
          "The stream ends with 'finished', which has an id. A reconnect with that id returns 204.")
  @APIResponse(
      responseCode = "200",
      description = "A text/event-stream that ends when the game is finished")
  @APIResponse(
      responseCode = "204",
      description = "The game is finished and the client has received the last event")
  @APIResponse(responseCode = "404", description = "The game does not exist")
  public void stream(
      @PathParam("id") String id,
      @BeanParam StreamRequest request,
      @Suspended AsyncResponse response) {
    feeds.open(feed, id, request, response);
  }
}
