package devfest.studio.share;

import devfest.studio.base.UnavailableException;
import devfest.studio.conference.Artwork;
import devfest.studio.conference.Rules;
import devfest.studio.http.Links;
import devfest.studio.images.Styles;
import devfest.studio.photos.HiddenFiles;
import devfest.studio.security.AccessSettings;
import devfest.studio.transformations.Gallery;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Shows a result, its photo and how to take part at {@code /p/{transformationId}}. The id cannot be
 * guessed, so the link is the permission. Answers 404 while the result is hidden.
 */
@WebServlet(urlPatterns = "/p/*", asyncSupported = true)
public class SharePage extends HttpServlet {

  private static final Template SHOWN = Template.read("shown.html");
  private static final Template MISSING = Template.read("missing.html");

  @Inject private transient Gallery gallery;
  @Inject private transient Rules rules;
  @Inject private transient Links links;
  @Inject private transient HiddenFiles hidden;
  @Inject private transient AccessSettings access;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Map<String, String> values = Words.in(Collections.list(request.getLocales()));
    values.put("event", rules.eventName());
    rules.artwork(Artwork.LOGO).ifPresent(id -> values.put("logo", here(links.artwork(id))));
    if (access.anonymous()) { // otherwise the pass would reach whoever gets the link
      rules.joinUrl().ifPresent(url -> values.put("join", url));
    }
    String path = request.getPathInfo();
    Optional<Gallery.Shared> shared =
        path == null ? Optional.empty() : gallery.shared(path.substring(1));
    if (shared.isPresent()) {
      describe(shared.get(), values);
    }
    response.setStatus(
        shared.isPresent() ? HttpServletResponse.SC_OK : HttpServletResponse.SC_NOT_FOUND);
    response.setContentType("text/html");
    response.setCharacterEncoding("UTF-8");
    response.setHeader("Cache-Control", "private, no-cache"); // the picture may be hidden any time
    response.setHeader("Vary", "Accept-Language");
    response.getWriter().write((shared.isPresent() ? SHOWN : MISSING).fill(values));
  }

  private void describe(Gallery.Shared picture, Map<String, String> values)
      throws UnavailableException {
    String id = picture.transformationId();
    Locale language = Locale.forLanguageTag(values.getOrDefault("language", "en"));
    values.put("page", links.share(id));
    values.put("preview", links.mediumResult(id));
    values.put("result", here(links.result(id)));
    values.put("after.image", here(links.mediumResult(id)));
    if (!hidden.contains(picture.photoId())) {
      values.put("before.image", here(links.mediumPhoto(picture.photoId())));
    }
    values.put("file", picture.transformationId() + ".jpg");
    values.put(
        "style",
        Styles.builtIn()
            .find(picture.styleId())
            .map(style -> style.name(language))
            .orElse(picture.styleId()));
  }

  /** Relative to the page, because its reader may use another address than the public URL. */
  private String here(String url) {
    return ".." + url.substring(links.base().length());
  }
}
