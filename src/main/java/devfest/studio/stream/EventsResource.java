package devfest.studio.stream;

import static java.util.stream.Collectors.joining;

import devfest.studio.events.Event;
import devfest.studio.events.Filter;
import devfest.studio.events.LoggedEvent;
import devfest.studio.http.Page;
import devfest.studio.idempotency.Key;
import devfest.studio.idempotency.Once;
import devfest.studio.idempotency.Reply;
import devfest.studio.log.LogReader;
import devfest.studio.security.Callers;
import devfest.studio.security.Roles;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.persistence.PersistenceException;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The log over HTTP: history, publishing and statistics. */
@RequestScoped
@Path("/events")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Events")
public class EventsResource {

  /** How many events there were, over everybody's, and how many streams are open here. */
  public record Statistics(
      long totalEvents, Map<String, Long> eventsByType, int activeConnections) {}

  @Inject private Relay relay;
  @Inject private LogReader log;
  @Inject private Publisher publisher;
  @Inject private Once once;
  @Inject private Callers callers;
  @Inject private Clock clock;
  @Context private SecurityContext context;

  @GET
  @PermitAll
  @Operation(summary = "The history: what the caller may see above the position ?after=")
  public String history(
      @BeanParam Selection selection,
      @QueryParam("after") String after,
      @QueryParam("cursor") String cursor,
      @QueryParam("limit") String limit) {
    Filter filter = selection.filter(callers.reader(context));
    Optional<String> position = Start.present(cursor).or(() -> Start.present(after));
    int most = Page.limit(limit);
    Page<LoggedEvent> page =
        Page.cut(
            log.read(filter, position.map(Start::position).orElse(0L), most + 1),
            most,
            event -> event,
            event -> Long.toString(event.position()));
    // Events leave the studio in one envelope, which is already text.
    return page.items().stream()
        .map(LoggedEvent::json)
        .collect(
            joining(
                ",",
                "{\"success\":true,\"data\":{\"items\":[",
                "],\"next\":" + (page.next() == null ? null : '"' + page.next() + '"') + "}}"));
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed({Roles.PUBLISHER, Roles.ADMIN})
  @Operation(summary = "Publish one event or an array; answered when they are in the log for good")
  @RequestBody(
      content =
          @Content(
              schema = @Schema(type = SchemaType.OBJECT),
              example = "{\"event\":\"talk.started\",\"data\":{},\"visibility\":\"public\"}"))
  @APIResponse(responseCode = "200", description = "{success, clients, eventIds[]}")
  @APIResponse(responseCode = "400", description = "Malformed; none was stored")
  @APIResponse(responseCode = "413", description = "Too many or too large")
  public Response publish(byte[] body, @HeaderParam("Idempotency-Key") String key) {
    String user = callers.caller(context).userId();
    List<Publication> events = Publication.read(user, body);
    return once.reply(Key.of(user, "publish", key, body), () -> publish(events)).response();
  }

  private Reply publish(List<Publication> publications) {
    List<Event> events = publications.stream().map(Publication::event).toList();
    JsonObject answer =
        Json.createObjectBuilder()
            .add("success", true)
            .add("clients", relay.hub().matching(events))
            .add("eventIds", Json.createArrayBuilder(publishOnce(publications)))
            .build();
    return once.plain(answer);
  }

  private List<String> publishOnce(List<Publication> publications) {
    try {
      return publisher.publish(publications);
    } catch (PersistenceException e) {
      if (publications.stream().noneMatch(publication -> publication.key().isPresent())) {
        throw e;
      }
      return publisher.publish(publications); // another request with one of the keys was faster
    }
  }

  @GET
  @Path("/stats")
  @PermitAll
  @Operation(summary = "Counts by type over everybody's events; ?since= narrows to a window")
  public Statistics statistics(@QueryParam("since") String since) {
    callers.reader(context);
    Map<String, Long> counts =
        Start.present(since)
            .map(text -> log.counts(Start.instant(text, clock.instant())))
            .orElseGet(log::counts);
    long total = counts.values().stream().mapToLong(Long::longValue).sum();
    return new Statistics(total, counts, relay.hub().connections());
  }
}
