package devfest.studio.feeds.assistant;

import devfest.studio.cluster.Reservations;
import devfest.studio.http.Field;
import devfest.studio.http.LiteralPath;
import devfest.studio.http.PlainText;
import devfest.studio.http.Problem;
import devfest.studio.security.Caller;
import devfest.studio.security.Callers;
import devfest.studio.security.Credentials;
import devfest.studio.security.Roles;
import devfest.studio.stream.Streams;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Endpoints that stream answers to prompts. */
@RequestScoped
@Path("/assistant/stream")
@Produces(MediaType.SERVER_SENT_EVENTS)
@Tag(name = "Assistant")
public class AssistantResource {

  /** In characters; bounds the cost of a request to a model. */
  private static final int MAX_PROMPT = 4_000;

  /** The path on which the prompt is optional; it defaults to {@link #GREETING}. */
  private static final String CHAT_STREAM = "/chat-stream";

  private static final String GREETING = "Hello";

  /**
   * A validated request.
   *
   * @param start whether the prompt was sent as {@code prompt}, so the stream begins with {@code
   *     start}
   * @param json whether tokens are sent as JSON objects
   */
  private record Question(String prompt, boolean start, boolean json) {

    static Question of(@Nullable String prompt, @Nullable String q, @Nullable String format) {
      boolean json =
          switch (format == null ? "" : format) {
            case "", "text" -> false;
            case "json" -> true;
            default -> throw Problem.badRequest("format must be 'text' or 'json'.");
          };
      boolean start = isPresent(prompt);
      String text = Field.text(start ? "prompt" : "q", start ? prompt : q, MAX_PROMPT);
      return new Question(text, start, json);
    }
  }

  /** A prompt in a request body: URLs are limited in length and appear in access logs. */
  public record Prompt(@PlainText(max = MAX_PROMPT) String prompt, @Nullable String format) {}

  @Inject private Assistant assistant;
  @Inject private Streams streams;
  @Inject private Callers callers;
  @Context private SecurityContext context;
  @Context private HttpServletRequest request;

  @GET
  @PermitAll
  @Operation(
      summary =
          "Stream the answer to ?prompt= as start, token…, complete; or to ?q= as token…, done",
      description =
          "A token is raw text, or {token} with ?format=json. On failure the stream ends with failed"
              + " {reason}. A reconnect with an event id returns 204, so no prompt runs twice.")
  @APIResponse(
      responseCode = "200",
      description = "A text/event-stream that ends when the answer is complete")
  @APIResponse(responseCode = "204", description = "The request is a reconnect")
  @APIResponse(responseCode = "429", description = "The previous prompt is still being answered")
  public void stream(
      @QueryParam("prompt") @Nullable String prompt,
      @QueryParam("q") @Nullable String q,
      @QueryParam("format") @Nullable String format,
      @QueryParam("lastEventId") @Nullable String lastEventId,
      @HeaderParam(HttpHeaders.LAST_EVENT_ID_HEADER) @Nullable String lastEventIdHeader,
      @BeanParam Credentials credentials,
      @Suspended AsyncResponse response) {
    Question question = question(prompt, q, format);
    boolean reconnects = isPresent(lastEventId) || isPresent(lastEventIdHeader);
    if (reconnects && !Streams.isHead(request)) {
      boolean ignored = response.resume(Response.noContent().build());
      return;
    }
    Caller caller = user(streams.reader(request, context, credentials));
    if (!streams.answersHead(request, response)) {
      answer(caller, question, response);
    }
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed(Roles.ANY_USER)
  @Operation(
      summary =
          "Stream the answer to {prompt, format?} in the request body, which keeps it out of access logs")
  @APIResponse(
      responseCode = "200",
      description = "A text/event-stream that ends when the answer is complete")
  @APIResponse(responseCode = "429", description = "The previous prompt is still being answered")
  public void ask(
      @NotNull(message = "must be a JSON object.") @Valid Prompt prompt,
      @Suspended AsyncResponse response) {
    Question question = Question.of(prompt.prompt(), null, prompt.format());
    answer(callers.caller(context), question, response);
  }

  private void answer(Caller caller, Question question, AsyncResponse response) {
    Answer.Form form =
        new Answer.Form(
            UUID.randomUUID().toString(),
            question.start(),
            question.start() ? "complete" : "done",
            question.json(),
            LiteralPath.isAny(request));
    Reservations.Key reservation = assistant.reserve(caller.user());
    AtomicBoolean started = new AtomicBoolean();
    try {
      streams.open(
          streams.unlogged(
              request,
              caller,
              form.id(),
              true,
              stream -> {
                assistant.answer(reservation, question.prompt(), form, stream);
                started.set(true);
              }),
          response);
    } finally {
      if (!started.get()) { // also if the client disconnected before the stream was opened
        assistant.release(reservation);
      }
    }
  }

  private Question question(@Nullable String prompt, @Nullable String q, @Nullable String format) {
    boolean useGreeting =
        LiteralPath.is(request, CHAT_STREAM) && !isPresent(prompt) && !isPresent(q);
    return Question.of(prompt, useGreeting ? GREETING : q, format);
  }

  private static Caller user(Caller caller) {
    if (caller.anonymous()) {
      throw Callers.required();
    }
    return caller;
  }

  private static boolean isPresent(@Nullable String text) {
    return text != null && !text.isBlank();
  }
}
