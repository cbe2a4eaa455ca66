package devfest.studio.publish;

import devfest.studio.events.Event;
import devfest.studio.http.Limit;
import devfest.studio.http.Limited;
import devfest.studio.http.LiteralPath;
import devfest.studio.http.Problem;
import devfest.studio.idempotency.Key;
import devfest.studio.idempotency.Once;
import devfest.studio.idempotency.Reply;
import devfest.studio.security.Caller;
import devfest.studio.security.Callers;
import devfest.studio.security.Roles;
import devfest.studio.stream.MatchingStreams;
import devfest.studio.tracing.Trace;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.spi.JsonProvider;
import jakarta.persistence.PersistenceException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Publishing over HTTP. */
@RequestScoped
@Path("/events")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Events")
public class PublishResource {

  /** Cached, because each static method of {@code Json} looks up the provider. */
  private static final JsonProvider JSON = JsonProvider.provider();

  /** The literal path with the defaults of a broadcast. */
  private static final String BROADCAST = "/api/broadcast";

  /** An event in a request, for the OpenAPI document. */
  @Schema(
      name = "NewEvent",
      requiredProperties = {"event", "data"})
  public record NewEvent(
      @Schema(pattern = "[A-Za-z][A-Za-z0-9_.-]{0,63}") String event,
      @Schema(description = "Any JSON value") Object data,
      @Schema(description = "The owner of the event") String userId,
      @Schema(
              enumeration = {"private", "public"},
              defaultValue = "private")
          String visibility,
      String channel,
      @Schema(description = "A repeated event with the same key is not appended again")
          String idempotencyKey) {}

  /** The response, for the OpenAPI document. */
  @Schema(
      name = "Published",
      requiredProperties = {"success", "clients", "eventIds"})
  public record Receipt(
      boolean success,
      @Schema(description = "The number of open streams that match, give or take a second")
          int clients,
      @Schema(description = "The positions, in the order of the request") List<String> eventIds) {}

  @Inject private MatchingStreams streams;
  @Inject private Reserved reserved;
  @Inject private Publisher publisher;
  @Inject private Once once;
  @Inject private Callers callers;
  @Inject private GroupCommit group;
  @Context private SecurityContext context;
  @Context private HttpServletRequest request;

  @POST
  @Limited(Limit.PUBLISHING)
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed({Roles.PUBLISHER, Roles.ADMIN})
  @Operation(summary = "Publish an event or an array of events; the response follows the commit")
  @RequestBody(
      description = "1 to 1000 events; a single event may be sent without the array",
      content = @Content(schema = @Schema(implementation = NewEvent[].class)))
  @APIResponse(
      responseCode = "200",
      description = "The events are committed",
      content = @Content(schema = @Schema(implementation = Receipt.class)))
  @APIResponse(responseCode = "400", description = "Malformed; no event was stored")
  @APIResponse(
      responseCode = "403",
      description = "The claims of the token exclude a type or channel; no event was stored")
  @APIResponse(responseCode = "413", description = "Too many events, or an event is too large")
  public Response publish(byte[] body, @HeaderParam("Idempotency-Key") @Nullable String key) {
    Caller caller = callers.caller(context);
    String user = caller.user();
    boolean broadcast = LiteralPath.is(request, BROADCAST);
    List<Publication> events =
        Publication.read(
            user,
            body,
            broadcast ? Publication.Defaults.BROADCAST : Publication.Defaults.EVENT,
            reserved::hasType);
    for (Publication publication : events) {
      checkChannel(publication.event().channel());
      callers.requireType(context, publication.event().type());
      callers.requireChannel(context, publication.event().channel());
    }
    int clients =
        streams.count(
            events.stream()
                .map(Publication::event)
                .toList()); // not in the transaction, which must not wait for nodes
    Optional<Key> request = Key.of(user, broadcast ? "broadcast" : "publish", key, body);
    if (request.isEmpty() && events.stream().allMatch(event -> event.key().isEmpty())) {
      String cause = Trace.current(); // another request may commit the events
      List<Event> own = events.stream().map(each -> each.event().by(user).tracedTo(cause)).toList();
      return answer(clients, group.append(caller, own)).response();
    }
    try {
      return once.reply(request, () -> answer(clients, publisher.publish(user, events))).response();
    } catch (PersistenceException e) {
      if (events.stream().noneMatch(event -> event.key().isPresent())) {
        throw e;
      }
      // A concurrent request has committed one of the keys, so its response is stored now.
      return once.reply(request, () -> answer(clients, publisher.publish(user, events))).response();
    }
  }

  private void checkChannel(String channel) {
    if (reserved.hasChannel(channel)) {
      throw Problem.badRequest("The channel '" + channel + "' is reserved for the studio.");
    }
  }

  private Reply answer(int clients, List<String> ids) {
    // Without the usual envelope: clients read these members at the top level.
    JsonObjectBuilder answer =
        JSON.createObjectBuilder()
            .add("success", true)
            .add("clients", clients)
            .add("eventIds", JSON.createArrayBuilder(ids));
    if (LiteralPath.is(request, BROADCAST) && ids.size() == 1) {
      answer.add("event_id", ids.get(0));
    }
    return once.plain(answer.build());
  }
}
