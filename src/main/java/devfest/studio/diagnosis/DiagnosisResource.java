package devfest.studio.diagnosis;

import devfest.studio.http.Problem;
import devfest.studio.security.Public;
import devfest.studio.stream.StreamEngine;
import devfest.studio.stream.Streams;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirements;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * The stream of the page {@code /diagnose}. It ignores credentials, which may be invalid, and takes
 * no slot from clients.
 */
@RequestScoped
@Path("/diagnose/stream")
@Produces(MediaType.SERVER_SENT_EVENTS)
@Tag(name = "Operation")
public class DiagnosisResource {

  private static final int MAX_COUNT = 20;
  private static final int MIN_INTERVAL = 100;
  private static final int MAX_INTERVAL = 20_000;

  /** The page's longest test takes two minutes. */
  private static final int MAX_MILLIS = 150_000;

  @Inject private Streams streams;
  @Inject private StreamEngine engine;
  @Context private HttpServletRequest request;

  @GET
  @Public
  @SecurityRequirements
  @Operation(
      summary = "Stream numbered frames at a fixed interval, to find out what the network does",
      description =
          "Frames named mark carry {number, elapsed}: milliseconds since the first one was sent. The"
              + " stream ends after ?count= frames, or after number ?cut=, so that the client"
              + " reconnects and gets the rest. A reconnect after the last one returns"
              + " 204. The product of ?count= and ?every= is at most 150000.")
  @APIResponse(responseCode = "200", description = "A text/event-stream that ends by itself")
  @APIResponse(responseCode = "204", description = "The client has all frames")
  @APIResponse(responseCode = "400", description = "A malformed option or position")
  @APIResponse(responseCode = "429", description = "Too many tests run from this address")
  @APIResponse(
      responseCode = "503",
      description = "The studio has no free stream, or too many tests run")
  public void stream(
      @QueryParam("count") @Nullable String count,
      @QueryParam("every") @Nullable String every,
      @QueryParam("cut") @Nullable String cut,
      @QueryParam("lastEventId") @Nullable String lastEventId,
      @HeaderParam(HttpHeaders.LAST_EVENT_ID_HEADER) @Nullable String lastEventIdHeader,
      @Suspended AsyncResponse response) {
    int all = number("count", count, 10, 1, MAX_COUNT);
    int millis = number("every", every, 300, MIN_INTERVAL, MAX_INTERVAL);
    if (all * millis > MAX_MILLIS) {
      throw Problem.badRequest("count times every must be at most %d.".formatted(MAX_MILLIS));
    }
    int end = number("cut", cut, all, 1, all);
    boolean inHeader = lastEventIdHeader != null && !lastEventIdHeader.isEmpty();
    String position = inHeader ? lastEventIdHeader : lastEventId;
    int after = number("Last-Event-ID", position, 0, 0, MAX_COUNT);
    if (streams.answersHead(request, response)) {
      return;
    }
    if (after >= all) {
      boolean ignored = response.resume(Response.noContent().build());
      return;
    }
    int last = after < end ? end : all;
    Marks marks = new Marks(engine, after + 1, last, Duration.ofMillis(millis));
    streams.open(streams.test(request, Integer.toString(after), marks::sendTo), response);
  }

  private static int number(
      String name, @Nullable String text, int otherwise, int least, int most) {
    if (text == null || text.isEmpty()) {
      return otherwise;
    }
    int value = text.matches("\\d{1,6}") ? Integer.parseInt(text) : -1;
    if (value < least || value > most) {
      throw Problem.badRequest("%s must be a number from %d to %d.".formatted(name, least, most));
    }
    return value;
  }
}
