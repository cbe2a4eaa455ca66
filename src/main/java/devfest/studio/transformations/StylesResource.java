package devfest.studio.transformations;

import devfest.studio.http.Links;
import devfest.studio.http.Page;
import devfest.studio.http.Problem;
import devfest.studio.images.Style;
import devfest.studio.images.Styles;
import devfest.studio.security.Callers;
import devfest.studio.security.Public;
import jakarta.annotation.security.PermitAll;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirements;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Endpoints for the available styles. Names and descriptions are in English, or in French if the
 * client prefers it.
 */
@RequestScoped
@Path("/styles")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Styles")
public class StylesResource {

  private static final List<String> CATEGORIES =
      List.of("professional", "artistic", "tech", "creative", "thematic");

  /** The public view of a style. */
  @Schema(name = "Style")
  public record View(
      String styleId,
      String name,
      String category,
      String description,
      String previewUrl,
      String engine) {}

  @Inject private Previews previews;
  @Inject private Links links;
  @Inject private Callers callers;
  @Context private SecurityContext context;
  @Context private HttpHeaders headers;

  @GET
  @PermitAll
  @Operation(
      summary =
          "List the styles, optionally filtered by ?category= and by ?search= in name and description")
  public Page<View> list(
      @QueryParam("category") @Nullable String category,
      @QueryParam("search") @Nullable String search,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    callers.reader(context);
    if (category != null && !CATEGORIES.contains(category)) {
      throw Problem.badRequest(
          "category must be one of %s.".formatted(String.join(", ", CATEGORIES)));
    }
    String term = search == null ? "" : search.toLowerCase(Locale.ROOT);
    Stream<Style> found =
        Styles.builtIn().all().stream()
            .filter(style -> category == null || category.equals(style.category()))
            .filter(style -> text(style).contains(term))
            .dropWhile(style -> cursor != null && !style.id().equals(cursor))
            .skip(cursor == null ? 0 : 1);
    return Page.of(
        Page.limit(limit, Page.MAX), max -> found.limit(max).toList(), this::view, Style::id);
  }

  private static String text(Style style) {
    return String.join(
            " ",
            style.id(),
            style.name(),
            style.description(),
            style.name(Locale.FRENCH),
            style.description(Locale.FRENCH))
        .toLowerCase(Locale.ROOT);
  }

  @GET
  @Path("/{id}")
  @PermitAll
  @Operation(summary = "Get a style")
  public View get(@PathParam("id") String id) {
    callers.reader(context);
    return view(find(id));
  }

  @GET
  @Path("/{id}/preview")
  @Public
  @Produces("image/jpeg")
  @SecurityRequirements
  @Operation(summary = "Get a sample image in the style; no token is needed")
  @APIResponse(
      responseCode = "200",
      description = "The image",
      content =
          @Content(
              mediaType = "image/jpeg",
              schema = @Schema(type = SchemaType.STRING, format = "binary")))
  public Response preview(@PathParam("id") String id) throws IOException {
    CacheControl oneDay = new CacheControl();
    oneDay.setMaxAge(86_400); // styles change only with a release
    return Response.ok(previews.of(find(id)), "image/jpeg").cacheControl(oneDay).build();
  }

  private static Style find(String id) {
    return Styles.builtIn().find(id).orElseThrow(() -> Problem.notFound("style"));
  }

  private View view(Style style) {
    Locale locale = headers.getAcceptableLanguages().get(0);
    return new View(
        style.id(),
        style.name(locale),
        style.category(),
        style.description(locale),
        links.api("/styles/" + style.id() + "/preview"),
        style.engine());
  }
}
