package devfest.studio.base;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Shortens, checks and normalises external texts. Lengths are those of {@link String#length()}. */
public final class Text {

  /** A visible character (grapheme cluster, UAX #29), such as an emoji of several code points. */
  private static final Pattern CHARACTER = Pattern.compile("\\X");

  private static final Pattern LINE_BREAK = Pattern.compile("\r\n?");

  /**
   * What makes two different names look the same, or a name look like something else: control
   * characters, bidirectional controls, line separators, invisible characters, halves of pairs, and
   * joiners, tags and variants where no script or emoji needs them.
   */
  private static final Pattern SPOOF =
      Pattern.compile(
          "[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
              + "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]"
              + "|(?:^|[\\s\\x00-\\x7f\\p{IsLatin}\\p{IsGreek}\\p{IsCyrillic}])[\u200c\u200d]"
              + "|(?:^|[^\\x{1f3f4}\\x{e0000}-\\x{e007f}])[\\x{e0000}-\\x{e007f}]"
              + "|(?:^|\\p{L})[\ufe00-\ufe0f]");

  /** What could break a line of the log, change its order, or hide a part of it. */
  private static final Pattern UNLOGGABLE =
      Pattern.compile(
          "[\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
              + "\ufeff]");

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

  /**
   * Whether the text can name something: nothing in it is invisible or changes the direction of the
   * text around it. Letters of every script are allowed.
   */
  public static boolean isName(String text) {
    return !SPOOF.matcher(text).find();
  }

  /**
   * Returns the text on one line: control characters, line breaks, bidirectional controls and
   * invisible characters as the escapes of Java.
   */
  public static String escaped(String text) {
    return UNLOGGABLE
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(escape(found.group().charAt(0))));
  }

  private static String escape(char c) {
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> "\\u%04x".formatted((int) c);
    };
  }

  /** Replaces the line ends CR and CR LF by LF. */
  public static String lines(String text) {
    return LINE_BREAK.matcher(text).replaceAll("\n");
  }
}
