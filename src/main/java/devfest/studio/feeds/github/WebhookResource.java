package devfest.studio.feeds.github;

import devfest.studio.http.Code;
import devfest.studio.http.Limit;
import devfest.studio.http.Limited;
import devfest.studio.http.Problem;
import devfest.studio.security.DerivedSecrets;
import devfest.studio.security.Public;
import devfest.studio.security.Signature;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.persistence.PersistenceException;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.Map;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirements;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Endpoints that receive GitHub webhooks. The body is parsed only after its signature has been
 * verified.
 */
@RequestScoped
@Path("/github/webhook")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "GitHub")
public class WebhookResource {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,100}");

  /** The result of a delivery. */
  public record Receipt(String deliveryId, String status) {}

  @Inject private Deliveries deliveries;
  @Inject private Hooks hooks;
  @Inject private DerivedSecrets secrets;
  @Inject private Bodies bodies;
  @Context private HttpHeaders headers;

  @Inject private GithubSettings settings;

  @POST
  @Limited(Limit.DELIVERIES)
  @Public
  @SecurityRequirements
  @Operation(
      summary = "Receive a delivery to the organisers' hook, signed with X-Hub-Signature-256")
  @APIResponse(
      responseCode = "202",
      description = "The delivery is accepted and will be processed",
      content = @Content(schema = @Schema(implementation = Receipt.class)))
  @APIResponse(
      responseCode = "200",
      description = "The delivery is known; nothing changes",
      content = @Content(schema = @Schema(implementation = Receipt.class)))
  @APIResponse(responseCode = "401", description = "The signature is missing or invalid")
  @APIResponse(responseCode = "404", description = "No webhook secret is configured")
  @RequestBody(
      description = "The payload, as GitHub sends it",
      content = {
        @Content(
            mediaType = MediaType.APPLICATION_JSON,
            schema = @Schema(type = SchemaType.OBJECT)),
        @Content(
            mediaType = MediaType.APPLICATION_FORM_URLENCODED,
            schema = @Schema(type = SchemaType.OBJECT))
      })
  public Response shared(
      InputStream body,
      @HeaderParam("X-Hub-Signature-256") @Nullable String signature,
      @HeaderParam("X-GitHub-Delivery") @Nullable String delivery,
      @HeaderParam("X-GitHub-Event") @Nullable String event) {
    String key = settings.webhookSecret().orElseThrow(() -> Problem.notFound("hook"));
    return receive(Delivery.SHARED, null, key, body, signature, delivery, event);
  }

  @POST
  @Limited(Limit.DELIVERIES)
  @Path("/{hook}")
  @Public
  @SecurityRequirements
  @Operation(summary = "Receive a delivery to a user's own hook")
  @APIResponse(
      responseCode = "202",
      description = "The delivery is accepted and will be processed",
      content = @Content(schema = @Schema(implementation = Receipt.class)))
  @APIResponse(
      responseCode = "200",
      description = "The delivery is known; nothing changes",
      content = @Content(schema = @Schema(implementation = Receipt.class)))
  @APIResponse(
      responseCode = "401",
      description = "The signature is missing or not made with the hook's secret")
  @APIResponse(responseCode = "404", description = "The hook does not exist")
  @RequestBody(
      description = "The payload, as GitHub sends it",
      content = {
        @Content(
            mediaType = MediaType.APPLICATION_JSON,
            schema = @Schema(type = SchemaType.OBJECT)),
        @Content(
            mediaType = MediaType.APPLICATION_FORM_URLENCODED,
            schema = @Schema(type = SchemaType.OBJECT))
      })
  public Response own(
      @PathParam("hook") String id,
      InputStream body,
      @HeaderParam("X-Hub-Signature-256") @Nullable String signature,
      @HeaderParam("X-GitHub-Delivery") @Nullable String delivery,
      @HeaderParam("X-GitHub-Event") @Nullable String event) {
    Hook hook = hooks.find(id).orElseThrow(() -> Problem.notFound("hook"));
    return receive(
        hook.id(), hook.userId(), hook.secret(secrets), body, signature, delivery, event);
  }

  private Response receive(
      String hook,
      @Nullable String userId,
      String key,
      InputStream body,
      @Nullable String signature,
      @Nullable String delivery,
      @Nullable String event) {
    if (!Signature.possible(signature)) {
      throw unsigned();
    }
    boolean form = isForm();
    Map<String, String> facts = bodies.read(body, bytes -> facts(bytes, form, signature, key));
    String id = header("X-GitHub-Delivery", delivery);
    String kind = header("X-GitHub-Event", event);
    boolean accepted;
    try {
      accepted = deliveries.receive(hook, userId, id, kind, facts);
    } catch (PersistenceException e) {
      // A concurrent request has stored the same delivery, so it is known now.
      accepted = deliveries.receive(hook, userId, id, kind, facts);
    }
    return Response.status(accepted ? 202 : 200)
        .entity(new Receipt(id, accepted ? "received" : "known"))
        .build();
  }

  private static Map<String, String> facts(
      byte[] body, boolean form, @Nullable String signature, String key) {
    if (!Signature.valid(signature, key, body)) {
      throw unsigned();
    }
    return Payload.read(body, form);
  }

  private static Problem unsigned() {
    return new Problem(
        Code.INVALID_SIGNATURE, "X-Hub-Signature-256 is missing or does not match the body.");
  }

  private static String header(String name, @Nullable String value) {
    if (value == null || !NAME.matcher(value).matches()) {
      throw Problem.badRequest("A delivery must have a valid header %s.".formatted(name));
    }
    return value;
  }

  private boolean isForm() {
    MediaType type = headers.getMediaType();
    if (type != null && MediaType.APPLICATION_FORM_URLENCODED_TYPE.isCompatible(type)) {
      return true;
    }
    if (type != null && MediaType.APPLICATION_JSON_TYPE.isCompatible(type)) {
      return false;
    }
    throw new Problem(
        Code.UNSUPPORTED_MEDIA_TYPE,
        "The body must be application/json or application/x-www-form-urlencoded.");
  }
}
