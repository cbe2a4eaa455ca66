package devfest.studio.guests;

import devfest.studio.audit.Action;
import devfest.studio.audit.Audit;
import devfest.studio.audit.Outcome;
import devfest.studio.http.Bodies;
import devfest.studio.http.Code;
import devfest.studio.http.Limit;
import devfest.studio.http.Limited;
import devfest.studio.http.Links;
import devfest.studio.http.Name;
import devfest.studio.http.Page;
import devfest.studio.http.Problem;
import devfest.studio.http.WholeNumber;
import devfest.studio.security.Callers;
import devfest.studio.security.GuestSettings;
import devfest.studio.security.Public;
import devfest.studio.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonNumber;
import jakarta.json.JsonValue;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirements;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Endpoints of the passes that let attendees in. */
@RequestScoped
@Path("/passes")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Guests")
public class PassesResource {

  /** In characters; fits a caption. */
  private static final int MAX_GUEST_NAME = 64;

  /** In characters; fits on one line of a list. */
  private static final int MAX_PASS_NAME = 100;

  private static final int MAX_USES = 1_000_000;

  /** Longer than a conference. */
  private static final Duration DEFAULT_LIFE = Duration.ofDays(7);

  private static final Duration MAX_LIFE = Duration.ofDays(400);

  private static final String PASS_NAME_RULE =
      "must have at most " + MAX_PASS_NAME + " characters on one line, none of them invisible.";

  private static final String GUEST_NAME_RULE =
      "must have at most " + MAX_GUEST_NAME + " characters on one line, none of them invisible.";

  /**
   * The body of a request to create a pass.
   *
   * @param name for the list of passes
   * @param expiresAt an instant; in a week if left out
   * @param maxUses no limit if left out
   */
  @Schema(name = "PassWish")
  public record Wish(
      @Size(max = MAX_PASS_NAME, message = PASS_NAME_RULE) @Name(message = PASS_NAME_RULE)
          @Nullable String name,
      @Nullable String expiresAt,
      @Schema(type = SchemaType.INTEGER) @WholeNumber(min = 1, max = MAX_USES, optional = true)
          @Nullable JsonValue maxUses) {

    static final Wish DEFAULT = new Wish(null, null, null);
  }

  /**
   * A pass.
   *
   * @param url the page on which whoever has it can join
   * @param qr the URL as a QR code, an SVG document
   * @param uses how many have joined
   */
  @Schema(name = "Pass")
  public record View(
      String passId,
      @Schema(nullable = true) @Nullable String name,
      String url,
      String qr,
      Instant createdAt,
      Instant expiresAt,
      @Schema(nullable = true) @Nullable Integer maxUses,
      int uses) {}

  /**
   * The body of a request to join.
   *
   * @param pass the part of the URL after {@code #pass=}
   * @param name the name that others see
   */
  @Schema(name = "Redemption")
  public record Redemption(
      @NotNull(message = "is required.") String pass,
      @Size(max = MAX_GUEST_NAME, message = GUEST_NAME_RULE) @Name(message = GUEST_NAME_RULE)
          @Nullable String name) {}

  /** The access of a guest. */
  @Schema(name = "Admission")
  public record Admission(String token, String user, String displayName, Instant expiresAt) {

    static Admission of(Passes.Welcome welcome) {
      return new Admission(
          welcome.token().token(),
          welcome.guest().userId(),
          welcome.guest().name(),
          welcome.token().expiresAt());
    }
  }

  @Inject private GuestSettings settings;
  @Inject private Passes passes;
  @Inject private Bodies bodies;
  @Inject private Links links;
  @Inject private Callers callers;
  @Inject private Audit audit;
  @Inject private Clock clock;
  @Context private SecurityContext context;

  @POST
  @Limited(Limit.HOOKS)
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed(Roles.ADMIN)
  @Operation(summary = "Create a pass with which attendees can join without an account")
  @APIResponse(
      responseCode = "201",
      description = "The pass, its URL and its QR code",
      content = @Content(schema = @Schema(implementation = View.class)))
  @APIResponse(responseCode = "409", description = "There are too many passes")
  @APIResponse(responseCode = "422", description = "expiresAt is not in the future")
  public Response create(@Valid @Nullable Wish body) {
    requireOn();
    Wish wish = body == null ? Wish.DEFAULT : body;
    String name = wish.name() == null || wish.name().isBlank() ? null : wish.name().strip();
    @Nullable Integer maxUses =
        wish.maxUses() instanceof JsonNumber number ? number.intValueExact() : null;
    Pass pass = passes.create(name, expiry(wish.expiresAt()), maxUses);
    record(Action.CREATE_PASS, pass.id());
    return Response.created(URI.create(links.api("/passes"))).entity(view(pass)).build();
  }

  private Instant expiry(@Nullable String text) {
    Instant now = clock.instant();
    if (text == null) {
      return now.plus(DEFAULT_LIFE);
    }
    Instant at;
    try {
      at = Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw Problem.badRequest("expiresAt must be an instant such as 2026-11-21T10:42:00Z.", e);
    }
    if (!at.isAfter(now)) {
      throw new Problem(Code.NOT_IN_THE_FUTURE, "expiresAt must be in the future.");
    }
    if (at.isAfter(now.plus(MAX_LIFE))) {
      throw Problem.badRequest("expiresAt must be within " + MAX_LIFE.toDays() + " days.");
    }
    return at;
  }

  @GET
  @RolesAllowed(Roles.ADMIN)
  @Operation(summary = "List the passes, newest first")
  public Page<View> list() {
    return new Page<>(passes.all().stream().map(this::view).toList(), null);
  }

  @DELETE
  @Path("/{id}")
  @RolesAllowed(Roles.ADMIN)
  @Operation(summary = "Delete a pass and revoke every token that came from it")
  @APIResponse(responseCode = "204", description = "The pass is deleted")
  public void delete(@PathParam("id") String id) {
    passes.delete(id);
    record(Action.DELETE_PASS, id);
  }

  @POST
  @Limited(Limit.REDEMPTIONS)
  @Path("/redeem")
  @Public
  @Consumes(MediaType.APPLICATION_JSON)
  @SecurityRequirements
  @Operation(summary = "Join as a guest with a pass")
  @APIResponse(
      responseCode = "200",
      description = "The token of the guest",
      content = @Content(schema = @Schema(implementation = Admission.class)))
  @APIResponse(responseCode = "404", description = "The pass is unknown, has expired or is used up")
  public Response redeem(@Nullable Redemption body) {
    requireOn();
    Redemption redemption = bodies.valid(body);
    return answer(passes.redeem(redemption.pass(), guestName(redemption.name())));
  }

  private static @Nullable String guestName(@Nullable String name) {
    if (name == null || name.isBlank()) {
      return null;
    }
    if (name.indexOf('@') >= 0) {
      throw Problem.badRequest("name must not contain '@', because everybody can see it.");
    }
    return name.strip();
  }

  @POST
  @Limited(Limit.REDEMPTIONS)
  @Path("/renew")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Issue a new token for the calling guest, while the pass is valid")
  @APIResponse(
      responseCode = "200",
      description = "The new token; the old one stays valid until it expires",
      content = @Content(schema = @Schema(implementation = Admission.class)))
  @APIResponse(
      responseCode = "404",
      description = "The caller is no guest, or the pass has expired or was deleted")
  public Response renew() {
    requireOn();
    return answer(passes.renew(callers.caller(context).user()));
  }

  private void requireOn() {
    if (!settings.on()) {
      throw new Problem(
          Code.NOT_FOUND, "Guests are switched off. The operator sets studio.guests to 'on'.");
    }
  }

  private static Response answer(Passes.Welcome welcome) {
    return Response.ok(Admission.of(welcome)).header("Cache-Control", "no-store").build();
  }

  private View view(Pass pass) {
    String url = links.join(pass.secret());
    return new View(
        pass.id(),
        pass.name(),
        url,
        QrCode.svg(url),
        pass.createdAt(),
        pass.expiresAt(),
        pass.maxUses(),
        pass.uses());
  }

  private void record(Action action, String target) {
    audit.record(callers.caller(context).userId(), action, target, Outcome.DONE);
  }
}
