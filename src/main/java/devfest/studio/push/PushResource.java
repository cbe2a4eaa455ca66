package devfest.studio.push;

import devfest.studio.delivery.DeliverySettings;
import devfest.studio.delivery.Receivers;
import devfest.studio.http.Ids;
import devfest.studio.http.Limit;
import devfest.studio.http.Limited;
import devfest.studio.http.Links;
import devfest.studio.http.Problem;
import devfest.studio.outgoing.OutgoingException;
import devfest.studio.security.Callers;
import devfest.studio.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.persistence.PersistenceException;
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
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Endpoints of Web Push: a browser gets its user's notifications when no page is open. Guests may
 * subscribe, too.
 */
@RequestScoped
@Path("/push")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Notifications")
public class PushResource {

  /** In characters; the width of the column. */
  private static final int MAX_URL = 2_000;

  private static final String URL_RULE =
      "must be an https URL of at most " + MAX_URL + " characters, without user info.";

  /** The key of the studio. */
  @Schema(name = "PushKey")
  public record Key(
      @Schema(description = "For applicationServerKey of pushManager.subscribe, in base64url")
          String publicKey) {}

  /** A PushSubscription of the Push API as JSON. */
  @Schema(name = "PushSubscriptionWish")
  public record Input(
      @NotNull(message = URL_RULE) @Size(min = 1, max = MAX_URL, message = URL_RULE)
          String endpoint,
      @Schema(nullable = true) @Nullable Double expirationTime,
      @NotNull(message = "must be an object.") @Valid BrowserKeys keys) {}

  @Inject private PushSubscriptions subscriptions;
  @Inject private PushKeys pushKeys;
  @Inject private Receivers receivers;
  @Inject private DeliverySettings settings;
  @Inject private Links links;
  @Inject private Callers callers;
  @Context private SecurityContext context;
  @Context private HttpHeaders headers;

  @GET
  @Path("/key")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Get the studio's public key, for which browsers subscribe (VAPID)")
  public Key key() {
    return new Key(pushKeys.publicKey());
  }

  @POST
  @Limited(Limit.HOOKS)
  @Path("/subscriptions")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed(Roles.ANY_USER)
  @Operation(
      summary = "Subscribe a browser: the PushSubscription of the browser as JSON",
      description =
          "The browser gets the caller's new notifications of pictures and mentions, in the language"
              + " of Accept-Language (en, fr). A browser belongs to the user who subscribed last."
              + " A user has at most 10; the oldest are deleted.")
  @APIResponse(
      responseCode = "200",
      description = "The caller had subscribed this browser before; its keys are replaced",
      content = @Content(schema = @Schema(implementation = PushSubscription.View.class)))
  @APIResponse(
      responseCode = "201",
      description = "The subscription",
      content = @Content(schema = @Schema(implementation = PushSubscription.View.class)))
  public Response subscribe(@NotNull(message = "must be a JSON object.") @Valid Input input) {
    BrowserKeys keys = input.keys().checked();
    PushSubscription.Browser browser =
        new PushSubscription.Browser(endpoint(input.endpoint()), keys.p256dh(), keys.auth());
    PushSubscriptions.Saved saved = save(browser);
    Response.ResponseBuilder response =
        saved.created()
            ? Response.created(
                URI.create(links.api("/push/subscriptions/" + saved.subscription().id())))
            : Response.ok();
    return response.entity(saved.subscription().view()).build();
  }

  private PushSubscriptions.Saved save(PushSubscription.Browser browser) {
    String language = PushWords.language(headers.getAcceptableLanguages());
    try {
      return subscriptions.save(user(), browser, language);
    } catch (PersistenceException e) { // two requests that subscribe one browser
      return subscriptions.save(user(), browser, language);
    }
  }

  @DELETE
  @Path("/subscriptions/{id}")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "End the subscription of a browser")
  @APIResponse(responseCode = "204", description = "The browser gets no more messages")
  public void delete(@PathParam("id") String id) {
    end(Ids.possible(id) ? id : "");
  }

  @DELETE
  @Path("/subscriptions")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "End the subscription of a browser, by ?endpoint=")
  @APIResponse(responseCode = "204", description = "The browser gets no more messages")
  @APIResponse(responseCode = "404", description = "The caller has no such subscription")
  public void deleteByEndpoint(@QueryParam("endpoint") @Nullable String endpoint) {
    if (endpoint == null) {
      throw Problem.badRequest("endpoint is required.");
    }
    end(PushSubscription.id(endpoint));
  }

  private void end(String id) {
    PushSubscription found =
        Optional.of(id)
            .flatMap(subscriptions::find)
            .filter(each -> each.userId().equals(user()))
            .orElseThrow(() -> Problem.notFound("subscription"));
    subscriptions.delete(found.id());
  }

  private String user() {
    return callers.caller(context).user();
  }

  private URI endpoint(String text) {
    try {
      URI url = new URI(text);
      boolean secure =
          "https".equalsIgnoreCase(url.getScheme())
              || (settings.allowPrivate() && "http".equalsIgnoreCase(url.getScheme()));
      if (!secure || url.getHost() == null || url.getRawUserInfo() != null) {
        throw Problem.badRequest("endpoint " + URL_RULE);
      }
      receivers.check(url);
      return url;
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw Problem.badRequest("endpoint " + URL_RULE, e);
    } catch (OutgoingException e) {
      throw Problem.badRequest(
          "endpoint: the host %s.".formatted(Optional.ofNullable(e.getMessage()).orElse("")));
    }
  }
}
