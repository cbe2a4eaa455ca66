package devfest.studio.feeds.posts;

import devfest.studio.settings.Values;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Settings of posts and drafts.
 *
 * @param templates the templates for drafts: a built-in language or the path of a properties file
 * @param outletUrl URL to which published posts are sent; empty for the studio's own feed only
 * @param outletSecret key that signs requests to the outlet; empty for unsigned requests
 */
public record PostsSettings(
    String templates, Optional<String> outletUrl, Optional<String> outletSecret) {

  /** The languages of the built-in templates. */
  static final Set<String> BUILT_IN = Set.of("en", "fr");

  public static PostsSettings from(Values values) {
    return new PostsSettings(
        values.other(
            "studio.posts.templates",
            "en",
            "en, fr, or the path of a readable properties file",
            value ->
                BUILT_IN.contains(value)
                    || (Files.isRegularFile(Path.of(value)) && Files.isReadable(Path.of(value))),
            value -> value),
        values.url("studio.posts.outlet-url"),
        values.secret("studio.posts.outlet-secret"));
  }
}
