package devfest.studio.feeds.posts;

import devfest.studio.settings.Values;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Posts and their drafts.
 *
 * @param templates the words of drafts: a built-in language, or the path of a properties file
 * @param outletUrl where published posts are sent besides the studio's own feed
 * @param outletSecret signs what is sent there
 */
public record PostsSettings(
    String templates, Optional<String> outletUrl, Optional<String> outletSecret) {

  /** The languages of the templates that come with the studio. */
  static final Set<String> BUILT_IN = Set.of("en", "fr");

  public static PostsSettings from(Values values) {
    return new PostsSettings(
        values.other(
            "studio.posts.templates",
            "en",
            "en, fr, or the path of a properties file that can be read",
            value ->
                BUILT_IN.contains(value)
                    || (Files.isRegularFile(Path.of(value)) && Files.isReadable(Path.of(value))),
            value -> value),
        values.url("studio.posts.outlet-url"),
        values.secret("studio.posts.outlet-secret"));
  }
}
