package devfest.studio.base;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Shortens and normalises external texts. Lengths are those of {@link String#length()}. */
public final class Text {

  /** A visible character (grapheme cluster, UAX #29), such as an emoji of several code points. */
  private static final Pattern CHARACTER = Pattern.compile("\\X");

  private static final Pattern LINE_BREAK = Pattern.compile("\r\n?");

  /** The length of the database columns for errors. */
  private static final int MAX_ERROR = 500;

  private Text() {}

  /** Returns the beginning of an error that fits the database column; null for null. */
  public static @Nullable String error(@Nullable String reason) {
    return reason == null ? null : clip(reason, MAX_ERROR);
  }

  /**
   * Returns the text, or its beginning and an ellipsis, with a total length of at most {@code max}.
   */
  public static String shorten(String text, int max) {
    return text.length() <= max ? text : clip(text, max - 1) + "…";
  }

  /** Returns the beginning of the text, cut between two visible characters. */
  public static String clip(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    int end = 0;
    for (Matcher next = CHARACTER.matcher(text); next.find() && next.end() <= max; ) {
      end = next.end();
    }
    return text.substring(0, end > 0 ? end : boundary(text, max, -1));
  }

  /** Returns the end of the text, cut between two visible characters. */
  public static String clipStart(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    int from = text.length() - max;
    for (Matcher next = CHARACTER.matcher(text); next.find(); ) {
      if (next.start() >= from) {
        return text.substring(next.start());
      }
    }
    return text.substring(boundary(text, from, 1)); // the last character is longer than max
  }

  private static int boundary(String text, int at, int step) {
    boolean half =
        Character.isHighSurrogate(text.charAt(at - 1)) && Character.isLowSurrogate(text.charAt(at));
    return half ? at + step : at;
  }

  /** Replaces the line ends CR and CR LF by LF. */
  public static String lines(String text) {
    return LINE_BREAK.matcher(text).replaceAll("\n");
  }
}
