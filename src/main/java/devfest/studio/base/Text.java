package devfest.studio.base;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts of others that have to fit somewhere. Lengths are those of {@link String#length()}. */
public final class Text {

  /** What a reader sees as one character: an emoji of several code points, too (UAX #29). */
  private static final Pattern CHARACTER = Pattern.compile("\\X");

  private static final Pattern LINE_BREAK = Pattern.compile("\r\n?");

  /** What the columns of errors hold. */
  private static final int MAX_ERROR = 500;

  private Text() {}

  /** The beginning of an error, as long as a column holds; null for null. */
  public static String error(String reason) {
    return reason == null ? null : clip(reason, MAX_ERROR);
  }

  /** The text, or its beginning and an ellipsis, of at most {@code max} in all. */
  public static String shorten(String text, int max) {
    return text.length() <= max ? text : clip(text, max - 1) + "…";
  }

  /** The beginning of the text, cut between two visible characters. */
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

  /** The end of the text, cut between two visible characters. */
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
    return text.substring(boundary(text, from, 1)); // it ends with one that is too long
  }

  private static int boundary(String text, int at, int step) {
    boolean half =
        Character.isHighSurrogate(text.charAt(at - 1)) && Character.isLowSurrogate(text.charAt(at));
    return half ? at + step : at;
  }

  /** The same with lines that end in LF, as CR and CR LF end one, too. */
  public static String lines(String text) {
    return LINE_BREAK.matcher(text).replaceAll("\n");
  }
}
