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
 * Writes photo captions from the data of the studio. It is not a language model, and its answers
 * state that. If the prompt names a style, the caption is about that style, otherwise about the
 * style that the user has used most.
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
    return () -> {}; // the answer is already complete
  }

  /** The caption, followed by a note on who wrote it and from which data. */
  private String text(String user, String prompt) {
    Map<String, Long> used = gallery.countByStyle(user);
    long pictures = used.values().stream().mapToLong(Long::longValue).sum();
    long photos = album.count(user);
    return caption(prompt, used)
        + "\n\n"
        + "(This is the studio's built-in caption writer, not a language model. It uses the data of"
        + " the studio. "
        + tally(photos, pictures, used)
        + newest(user)
        + totals()
        + ")";
  }

  private String tally(long photos, long pictures, Map<String, Long> used) {
    if (photos == 0) {
      return "You have no photos yet. ";
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
        + counted(photos, "photo")
        + " and "
        + counted(pictures, "styled picture")
        + (which.isEmpty() ? ". " : ", most of them in " + which + ". ");
  }

  private String caption(String prompt, Map<String, Long> used) {
    String lowerCase = prompt.toLowerCase(Locale.ROOT);
    @Nullable String style =
        styles.all().stream()
            .filter(each -> lowerCase.contains(each.name().toLowerCase(Locale.ROOT)))
            .map(each -> each.id())
            .findFirst()
            .or(
                () ->
                    used.entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .map(Map.Entry::getKey))
            .orElse(null);
    if (style == null) {
      return "No styled pictures yet. #DevFest";
    }
    String about = styles.find(style).map(each -> each.description()).orElse("");
    return "Seen at the studio, in " + name(style) + ". " + about + " #DevFest";
  }

  /** A sentence about the newest event of the user's photos and transformations. */
  private String newest(String user) {
    List<String> types = List.of("photo.*", "transformation.*");
    Filter own = new Filter(Audience.of(user, false), types, List.of(), List.of(), user);
    return scans.last("user " + user, own, 1).stream()
        .findFirst()
        .map(
            logged ->
                "Your newest event is "
                    + logged.event().type()
                    + " at "
                    + TIME.format(logged.timestamp()))
        .map(sentence -> sentence + ". ")
        .orElse("");
  }

  private String totals() {
    Map<String, Long> counts = log.counts();
    return "All users together have uploaded "
        + counted(counts.getOrDefault("photo.uploaded", 0L), "photo")
        + " and created "
        + counted(counts.getOrDefault("transformation.completed", 0L), "styled picture")
        + ".";
  }

  private String name(String styleId) {
    return styles.find(styleId).map(each -> each.name()).orElse(styleId);
  }

  private static String counted(long count, String thing) {
    return count + " " + thing + (count == 1 ? "" : "s");
  }

  /** Splits the text into tokens, one per word. */
  private static List<String> words(String text) {
    return List.of(WORDS.split(text));
  }
}
