package devfest.studio.feeds.assistant;

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

/** Answers to prompts. */
@RequestScoped
@Path("/assistant/stream")
@Produces(MediaType.SERVER_SENT_EVENTS)
@Tag(name = "Assistant")
public class AssistantResource {

  private static final int MAX_PROMPT = 4_000;

  /** Where a prompt may be left out, and what stands for it. */
  private static final String CHAT = "/chat-stream";

  private static final String GREETING = "Hello";

  /**
   * What is asked.
   *
   * @param start whether by {@code prompt}, upon which it comes first
   * @param wrapped whether tokens are wanted as JSON
   */
  private record Wish(String prompt, boolean start, boolean wrapped) {

    static Wish of(@Nullable String prompt, @Nullable String q, @Nullable String format) {
      boolean wrapped =
          switch (format == null ? "" : format) {
            case "", "text" -> false;
            case "json" -> true;
            default -> throw Problem.badRequest("format is 'text' or 'json'");
          };
      boolean start = isPresent(prompt);
      String text = Field.text(start ? "prompt" : "q", start ? prompt : q, MAX_PROMPT);
      return new Wish(text, start, wrapped);
    }
  }

  /** The same, sent: a URL holds less than a long prompt, and stands in logs. */
  public record Prompt(@PlainText(max = MAX_PROMPT) String prompt, @Nullable String format) {}

  @Inject private Assistant assistant;
  @Inject private Streams streams;
  @Inject private Callers callers;
  @Context private SecurityContext context;
  @Context private HttpServletRequest request;

  @GET
  @PermitAll
  @Operation(
      summary = "An answer to ?prompt=: start, token…, complete; or to ?q=: token…, done",
      description =
          "A token is raw text, or {token} with ?format=json. A failure ends it with failed"
              + " {reason}. Who comes back with an id gets 204: no prompt runs twice.")
  @APIResponse(responseCode = "200", description = "A text/event-stream that ends with the answer")
  @APIResponse(responseCode = "204", description = "A reconnect")
  @APIResponse(responseCode = "429", description = "The answer before is still under way")
  public void stream(
      @QueryParam("prompt") @Nullable String prompt,
      @QueryParam("q") @Nullable String q,
      @QueryParam("format") @Nullable String format,
      @QueryParam("lastEventId") @Nullable String lastEventId,
      @HeaderParam(HttpHeaders.LAST_EVENT_ID_HEADER) @Nullable String lastEventIdHeader,
      @BeanParam Credentials credentials,
      @Suspended AsyncResponse keep) {
    Wish wish = wish(prompt, q, format);
    boolean reconnects = isPresent(lastEventId) || isPresent(lastEventIdHeader);
    if (reconnects && !Streams.isHead(request)) {
      boolean ignored = keep.resume(Response.noContent().build());
      return;
    }
    Caller caller = user(streams.reader(request, context, credentials));
    if (!streams.answersHead(request, keep)) {
      answer(caller, wish, keep);
    }
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed(Roles.ANY_USER)
  @Operation(
      summary = "The same for {prompt, format?} that is sent, of any alphabet and out of all logs")
  @APIResponse(responseCode = "200", description = "A text/event-stream that ends with the answer")
  @APIResponse(responseCode = "429", description = "The answer before is still under way")
  public void ask(
      @NotNull(message = "must be a JSON object.") @Valid Prompt prompt,
      @Suspended AsyncResponse keep) {
    Wish wish = Wish.of(prompt.prompt(), null, prompt.format());
    answer(callers.caller(context), wish, keep);
  }

  private void answer(Caller caller, Wish wish, AsyncResponse keep) {
    Answer.Form form =
        new Answer.Form(
            UUID.randomUUID().toString(),
            wish.start(),
            wish.start() ? "complete" : "done",
            wish.wrapped(),
            LiteralPath.isAny(request));
    String user = caller.user();
    assistant.take(user);
    AtomicBoolean begun = new AtomicBoolean();
    try {
      streams.open(
          streams.unlogged(
              request,
              caller,
              form.id(),
              stream -> {
                assistant.answer(user, wish.prompt(), form, stream);
                begun.set(true);
              }),
          keep);
    } finally {
      if (!begun.get()) { // also when the client left before it began
        assistant.giveBack(user);
      }
    }
  }

  private Wish wish(@Nullable String prompt, @Nullable String q, @Nullable String format) {
    boolean greets = LiteralPath.is(request, CHAT) && !isPresent(prompt) && !isPresent(q);
    return Wish.of(prompt, greets ? GREETING : q, format);
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
