package devfest.studio.webhooks;

import devfest.studio.audit.Action;
import devfest.studio.audit.Audit;
import devfest.studio.delivery.Outcome;
import devfest.studio.delivery.Receivers;
import devfest.studio.http.Code;
import devfest.studio.http.Cursor;
import devfest.studio.http.Ids;
import devfest.studio.http.Limit;
import devfest.studio.http.Limited;
import devfest.studio.http.Links;
import devfest.studio.http.Page;
import devfest.studio.http.Problem;
import devfest.studio.outgoing.OutgoingException;
import devfest.studio.security.Caller;
import devfest.studio.security.Callers;
import devfest.studio.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Endpoints of webhooks. Users manage their own; admins manage those of all users. A webhook gets
 * its owner's events; one that an admin creates gets those of all users.
 */
@RequestScoped
@Path("/webhooks")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Webhooks")
public class WebhooksResource {

  /** In characters; the width of the column. */
  private static final int MAX_URL = 2_000;

  private static final String URL_RULE =
      "must be an http or https URL of at most " + MAX_URL + " characters, without user info.";

  /** Each occupies a thread for requests until its receiver responds. */
  private static final Semaphore TESTS = new Semaphore(8);

  /** The users whose tests are in progress at this node. */
  private static final Set<String> TESTING = ConcurrentHashMap.newKeySet();

  private static final Duration TESTS_PAUSE = Duration.ofSeconds(5);

  private static final String LIST_RULE = "must be an array of names, none of them null.";

  /** The body of a request to create or change a webhook; absent members do not change. */
  @Schema(name = "WebhookWish")
  public record Input(
      @Size(min = 1, max = MAX_URL, message = URL_RULE) @Nullable String url,
      @Nullable List<@NotNull(message = LIST_RULE) String> types,
      @Nullable List<@NotNull(message = LIST_RULE) String> channels,
      @Nullable String format,
      @Nullable String status) {

    private boolean isEmpty() {
      return url == null && types == null && channels == null && format == null && status == null;
    }
  }

  @Inject private Webhooks webhooks;
  @Inject private Batches batches;
  @Inject private Sender sender;
  @Inject private Receivers receivers;
  @Inject private Links links;
  @Inject private Callers callers;
  @Inject private Audit audit;
  @Context private SecurityContext context;

  @POST
  @Limited(Limit.HOOKS)
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed(Roles.ANY_USER)
  @Operation(
      summary =
          "Create a webhook: {url, types?, channels?, format?}; only this response shows its secret")
  @APIResponse(
      responseCode = "201",
      description = "The webhook",
      content = @Content(schema = @Schema(implementation = Webhook.View.class)))
  @APIResponse(responseCode = "403", description = "The caller is a guest")
  @APIResponse(responseCode = "409", description = "There are too many webhooks")
  public Response create(@NotNull(message = "must be a JSON object.") @Valid Input input) {
    Caller caller = callers.caller(context);
    if (caller.isGuest()) {
      throw new ForbiddenException("Guests cannot create webhooks.");
    }
    // Not a constraint, because a PATCH has the same body and may leave the URL out.
    if (input.url() == null) {
      throw Problem.badRequest("url is required.");
    }
    if (input.status() != null) {
      throw Problem.badRequest("status cannot be set when a webhook is created.");
    }
    Webhook.Target plain =
        new Webhook.Target(url(input.url()), List.of(), List.of(), Format.STANDARD);
    Webhook webhook = webhooks.create(caller.user(), caller.admin(), changed(plain, input));
    return Response.created(URI.create(links.api("/webhooks/" + webhook.id())))
        .entity(webhook.view(sender.secret(webhook)))
        .build();
  }

  @GET
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "List the caller's webhooks, newest first; an admin sees those of all users")
  public Page<Webhook.View> list(
      @QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
    Caller caller = callers.caller(context);
    String owner = caller.admin() ? null : caller.user();
    return Page.of(
        Page.limit(limit),
        max -> webhooks.newest(owner, Cursor.of(cursor), max),
        webhook -> webhook.view(null),
        webhook -> new Cursor(webhook.createdAt(), webhook.id()));
  }

  @GET
  @Path("/{id}")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Get a webhook")
  public Webhook.View get(@PathParam("id") String id) {
    return own(id).view(null);
  }

  @PATCH
  @Limited(Limit.HOOKS)
  @Path("/{id}")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed(Roles.ANY_USER)
  @Operation(
      summary = "Change a webhook: {url?, types?, channels?, format?, status?}",
      description =
          "The status active switches a paused or disabled webhook on: it resumes where it was.")
  @APIResponse(responseCode = "200", description = "The webhook")
  @APIResponse(
      responseCode = "403",
      description = "The webhook gets the events of all users, and the caller is not an admin")
  public Webhook.View change(
      @PathParam("id") String id, @NotNull(message = "must be a JSON object.") @Valid Input input) {
    Webhook webhook = own(id);
    if (webhook.isForAllUsers() && !callers.caller(context).admin()) {
      throw new ForbiddenException("Only admins can change a webhook that gets all users' events.");
    }
    if (input.isEmpty()) {
      throw Problem.badRequest(
          "At least one of url, types, channels, format and status is required.");
    }
    // Before the row is locked, because it may ask a name server.
    Optional<URI> url = Optional.ofNullable(input.url()).map(this::url);
    Optional<Webhook.Status> status = Optional.ofNullable(input.status()).map(this::status);
    Webhook changed =
        webhooks.change(
            webhook.id(),
            (it, now) -> {
              it.change(changed(url.map(it.target()::at).orElse(it.target()), input), now);
              status.ifPresent(to -> it.change(to, now));
            });
    audit.recordForeign(
        callers.caller(context).userId(), changed.userId(), Action.CHANGE_WEBHOOK, changed.id());
    return changed.view(null);
  }

  @DELETE
  @Path("/{id}")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Delete a webhook with its attempts")
  @APIResponse(responseCode = "204", description = "The webhook is deleted")
  public void delete(@PathParam("id") String id) {
    Webhook webhook = own(id);
    webhooks.delete(webhook.id());
    audit.recordForeign(
        callers.caller(context).userId(), webhook.userId(), Action.DELETE_WEBHOOK, webhook.id());
  }

  @POST
  @Limited(Limit.HOOKS)
  @Path("/{id}/test")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(
      summary = "Send the event webhook.test now, whatever the status, and return the attempt",
      description = "The response comes when the receiver has responded, at most 15 seconds later.")
  @APIResponse(responseCode = "200", description = "The attempt")
  public WebhookAttempt.View test(@PathParam("id") String id) throws InterruptedException {
    Webhook webhook = own(id);
    String user = callers.caller(context).user();
    if (!TESTING.add(user)) {
      throw Problem.tryLater(
          Code.ONE_AT_A_TIME,
          "The previous test is still in progress. Test one webhook at a time.",
          TESTS_PAUSE);
    }
    try {
      return test(webhook);
    } finally {
      boolean ignored = TESTING.remove(user);
    }
  }

  private WebhookAttempt.View test(Webhook webhook) throws InterruptedException {
    Message message = batches.test(webhook);
    if (!TESTS.tryAcquire()) {
      throw Problem.tryLater(Code.BUSY, "Too many webhooks are tested now.", TESTS_PAUSE);
    }
    try {
      Outcome outcome = sender.send(webhook, message);
      return webhooks.tested(webhook.id(), message, outcome).view();
    } finally {
      TESTS.release();
    }
  }

  @GET
  @Path("/{id}/attempts")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "List the last attempts, of which 50 are kept, newest first")
  public Page<WebhookAttempt.View> attempts(
      @PathParam("id") String id,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    String webhook = own(id).id();
    return Page.of(
        Page.limit(limit),
        max -> webhooks.attempts(webhook, Cursor.position(cursor), max),
        WebhookAttempt::view,
        WebhookAttempt::number);
  }

  private Webhook own(String id) {
    return (Ids.possible(id) ? webhooks.find(id) : Optional.<Webhook>empty())
        .filter(found -> callers.caller(context).mayActFor(found.userId()))
        .orElseThrow(() -> Problem.notFound("webhook"));
  }

  /** Returns the target with the types, channels and format of the request, if it has them. */
  private static Webhook.Target changed(Webhook.Target target, Input input) {
    try {
      return new Webhook.Target(
          target.url(),
          Objects.requireNonNullElse(input.types(), target.types()),
          Objects.requireNonNullElse(input.channels(), target.channels()),
          input.format() == null ? target.format() : format(input.format()));
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest(String.valueOf(e.getMessage()));
    }
  }

  private URI url(String text) {
    try {
      URI url = new URI(text);
      boolean http =
          "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
      if (!http || url.getHost() == null || url.getRawUserInfo() != null) {
        throw Problem.badRequest("url " + URL_RULE);
      }
      receivers.check(url);
      return url;
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw Problem.badRequest("url " + URL_RULE, e);
    } catch (OutgoingException e) {
      throw Problem.badRequest(
          "url: the host %s. The operator can allow private addresses by"
                  .formatted(Objects.requireNonNull(e.getMessage()))
              + " studio.webhooks.allow-private.");
    }
  }

  private static Format format(String text) {
    return Arrays.stream(Format.values())
        .filter(format -> format.toString().equals(text))
        .findFirst()
        .orElseThrow(() -> Problem.badRequest("format must be standard or cloudevents."));
  }

  private Webhook.Status status(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "active" -> Webhook.Status.ACTIVE;
      case "paused" -> Webhook.Status.PAUSED;
      default -> throw Problem.badRequest("status must be active or paused.");
    };
  }
}
