package devfest.studio.feeds.assistant;

import devfest.studio.events.Audience;
import devfest.studio.events.Filter;
import devfest.studio.images.Styles;
import devfest.studio.log.LogReader;
import devfest.studio.photos.Album;
import devfest.studio.stream.Scans;
import devfest.studio.transformations.Gallery;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes captions out of what the studio knows of who asks. It understands nothing, and says so: a
 * prompt that names a style gets a caption about that, any other one about the style used most.
 */
final class CaptionEngine implements Engine {

  private static final Pattern WORDS = Pattern.compile("(?<=\\s)(?=\\S)");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Album album;
  private final Gallery gallery;
  private final LogReader log;
  private final Scans scans;
  private final Styles styles = Styles.builtIn();

  CaptionEngine(Album album, Gallery gallery, LogReader log, Scans scans) {
    this.album = album;
    this.gallery = gallery;
    this.log = log;
    this.scans = scans;
  }

  @Override
  public String name() {
    return "captions";
  }

  @Override
  public Runnable answer(String user, String prompt, Listener listener) {
    words(text(user, prompt)).forEach(listener::token);
    listener.complete();
    return () -> {}; // it is over already
  }

  /** First the caption, by itself; then who wrote it, and out of what. */
  private String text(String user, String prompt) {
    Map<String, Long> used = gallery.stylesOf(user);
    long pictures = used.values().stream().mapToLong(Long::longValue).sum();
    long photos = album.count(user);
    return caption(prompt, used)
        + "\n\n"
        + "(I am the studio's own caption writer, not a language model: I put together what the"
        + " studio knows. "
        + tally(photos, pictures, used)
        + newest(user)
        + everybody()
        + ")";
  }

  private String tally(long photos, long pictures, Map<String, Long> used) {
    if (photos == 0) {
      return "You have no photo here yet. ";
    }
    String which =
        used.entrySet().stream()
            .sorted(
                Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .limit(3)
            .map(entry -> name(entry.getKey()) + " (" + entry.getValue() + ")")
            .collect(Collectors.joining(", "));
    return "You have "
        + many(photos, "photo")
        + " here and "
        + many(pictures, "picture")
        + (which.isEmpty() ? ". " : ", most of them in " + which + ". ");
  }

  private String caption(String prompt, Map<String, Long> used) {
    String asked = prompt.toLowerCase(Locale.ROOT);
    @Nullable String style =
        styles.all().stream()
            .filter(each -> asked.contains(each.name().toLowerCase(Locale.ROOT)))
            .map(each -> each.id())
            .findFirst()
            .or(
                () ->
                    used.entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .map(Map.Entry::getKey))
            .orElse(null);
    if (style == null) {
      return "The first picture is still to be made. #DevFest";
    }
    String about = styles.find(style).map(each -> each.description()).orElse("");
    return "Seen at the studio, in " + name(style) + ". " + about + " #DevFest";
  }

  /** The last that happened to something of the user's. */
  private String newest(String user) {
    List<String> types = List.of("photo.*", "transformation.*");
    Filter own = new Filter(Audience.of(user, false), types, List.of(), List.of(), user);
    return scans.last("user " + user, own, 1).stream()
        .findFirst()
        .map(
            logged ->
                "The newest event of yours is "
                    + logged.event().type()
                    + " of "
                    + TIME.format(logged.timestamp()))
        .map(sentence -> sentence + ". ")
        .orElse("");
  }

  private String everybody() {
    Map<String, Long> counts = log.counts();
    return "All together have uploaded "
        + many(counts.getOrDefault("photo.uploaded", 0L), "photo")
        + " and made "
        + many(counts.getOrDefault("transformation.completed", 0L), "picture")
        + ".";
  }

  private String name(String styleId) {
    return styles.find(styleId).map(each -> each.name()).orElse(styleId);
  }

  private static String many(long count, String thing) {
    return count + " " + thing + (count == 1 ? "" : "s");
  }

  /** The pieces in which it answers. */
  private static List<String> words(String text) {
    return List.of(WORDS.split(text));
  }
}
