package devfest.studio.feeds.games;

import devfest.studio.feed.Feeds;
import devfest.studio.http.Cursor;
import devfest.studio.http.Field;
import devfest.studio.http.Links;
import devfest.studio.http.LiteralPath;
import devfest.studio.http.Page;
import devfest.studio.http.PlainText;
import devfest.studio.http.Problem;
import devfest.studio.security.Callers;
import devfest.studio.security.Roles;
import devfest.studio.stream.StreamRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonValue;
import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.persistence.PersistenceException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
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
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Games and their scores. */
@RequestScoped
@Path("/games")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Games")
public class GamesResource {

  private static final int MAX_NAME = 100;
  private static final int MAX_SCORE = 1_000_000;
  private static final Pattern TYPE = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");

  /** What a stream calls by itself, so that no change may be called so. */
  private static final Set<String> RESERVED =
      Set.of("initial", "connected", "heartbeat", "message", "error", "open");

  /** The sides of a new game. */
  public record Sides(
      @PlainText(max = MAX_NAME, lines = false) String home,
      @PlainText(max = MAX_NAME, lines = false) String away) {}

  /** A score; both numbers are needed. Checked by hand, as no constraint is for a JsonValue. */
  @Schema(
      name = "ScoreWish",
      requiredProperties = {"home_score", "away_score"})
  public record Wish(
      @JsonbProperty("home_score") @Schema(type = SchemaType.INTEGER) @Nullable JsonValue homeScore,
      @JsonbProperty("away_score") @Schema(type = SchemaType.INTEGER) @Nullable JsonValue awayScore,
      @JsonbProperty("event_type") @Nullable String eventType) {}

  @Inject private Games games;
  @Inject private ScoreFeed feed;
  @Inject private Feeds feeds;
  @Inject private Links links;
  @Inject private Callers callers;
  @Context private SecurityContext context;
  @Context private HttpServletRequest request;

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed({Roles.PUBLISHER, Roles.ADMIN})
  @Operation(summary = "Begin a game: {home, away}, the names of the sides")
  @APIResponse(
      responseCode = "201",
      description = "The game, 0:0; event game.created",
      content = @Content(schema = @Schema(implementation = Game.View.class)))
  public Response create(@NotNull(message = "must be a JSON object.") @Valid Sides sides) {
    Game game = games.create(Field.strip(sides.home()), Field.strip(sides.away()));
    return Response.created(URI.create(links.api("/games/" + game.id())))
        .entity(game.view())
        .build();
  }

  @POST
  @Path("/{id}/score")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed({Roles.PUBLISHER, Roles.ADMIN})
  @Operation(
      summary = "Change the score: {home_score, away_score, event_type?}",
      description =
          "Streams get it as 'score', or by the given type. The type 'finished' makes it the last:"
              + " the game's streams end with it. By the path /api/games/{id}/score a game that is"
              + " not there is created.")
  @APIResponse(responseCode = "200", description = "The game")
  @APIResponse(responseCode = "404", description = "No such game")
  @APIResponse(responseCode = "409", description = "The game is finished")
  public Game.View score(@PathParam("id") String id, @Nullable Wish wish) {
    if (wish == null) {
      throw Problem.badRequest("home_score and away_score are needed");
    }
    int home = Field.integer("home_score", wish.homeScore(), 0, MAX_SCORE);
    int away = Field.integer("away_score", wish.awayScore(), 0, MAX_SCORE);
    String type = type(wish.eventType());
    if (!LiteralPath.isAny(request)) {
      return games.score(id, home, away, type, false).view();
    }
    try {
      return games.score(id, home, away, type, true).view();
    } catch (PersistenceException e) {
      return games.score(id, home, away, type, false).view(); // it is there by now
    }
  }

  private static String type(@Nullable String text) {
    String type = text == null || text.isEmpty() ? Game.SCORE : text;
    if (!TYPE.matcher(type).matches() || RESERVED.contains(type)) {
      throw Problem.badRequest(
          "event_type is a name that matches " + TYPE.pattern() + ", and none of " + RESERVED);
    }
    return type;
  }

  @GET
  @PermitAll
  @Operation(summary = "Games, newest first")
  public Page<Game.View> list(
      @QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
    callers.reader(context);
    return Page.of(
        Page.limit(limit),
        most -> games.newest(Cursor.of(cursor), most),
        Game::view,
        game -> new Cursor(game.createdAt(), game.id()));
  }

  @GET
  @Path("/{id}")
  @PermitAll
  @Operation(summary = "One game")
  @APIResponse(responseCode = "200", description = "The game")
  @APIResponse(responseCode = "404", description = "No such game")
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
      summary = "initial, then score or the type that was given on each change",
      description =
          "Ends with 'finished', which has an id: who comes back with it gets 204 and is done.")
  @APIResponse(responseCode = "200", description = "A text/event-stream that ends with the game")
  @APIResponse(responseCode = "204", description = "The game is finished, as the client knows")
  @APIResponse(responseCode = "404", description = "No such game")
  public void stream(
      @PathParam("id") String id,
      @BeanParam StreamRequest request,
      @Suspended AsyncResponse response) {
    feeds.open(feed, id, request, response);
  }
}
