package devfest.studio.photos;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The byte range that a {@code Range} header requests (RFC 9110 § 14.2). A header that is absent,
 * malformed or has several ranges selects the whole file, as the specification allows.
 *
 * @param first index of the first byte
 * @param last index of the last byte, inclusive
 * @param partial whether the response has status 206
 * @param satisfiable false if the response has status 416
 */
record ByteRange(long first, long last, boolean partial, boolean satisfiable) {

  private static final Pattern SINGLE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  static ByteRange of(@Nullable String header, long size) {
    Matcher single = SINGLE.matcher(header == null ? "" : header.strip());
    if (!single.matches() || (single.group(1).isEmpty() && single.group(2).isEmpty())) {
      return new ByteRange(0, size - 1, false, true);
    }
    if (single.group(1).isEmpty()) {
      long suffix = Long.parseLong(single.group(2));
      return new ByteRange(Math.max(0, size - suffix), size - 1, true, suffix > 0 && size > 0);
    }
    long first = Long.parseLong(single.group(1));
    long last = single.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(single.group(2));
    if (last < first) {
      return new ByteRange(0, size - 1, false, true);
    }
    return new ByteRange(first, Math.min(last, size - 1), true, first < size);
  }

  long length() {
    return last - first + 1;
  }
}
