package devfest.studio;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Prometheus text format 0.0.4, read as strictly as its scraper does, and the rules of {@code
 * promtool check metrics}.
 */
public final class Exposition {

  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-zA-Z_:][a-zA-Z0-9_:]*)"
              + "(\\{(?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\n]|\\\\[\\\\\"n])*\",?)*\\})?"
              + " ([+-]?Inf|NaN|[-+0-9.eE]+)");

  private static final Pattern LE = Pattern.compile("le=\"([^\"]*)\",?");
  private static final Set<String> SHORT_UNITS =
      Set.of("s", "ms", "us", "ns", "sec", "b", "kb", "mb", "gb", "m", "h", "d", "kib", "mib");

  private final List<String> faults = new ArrayList<>();
  private final Map<String, String> types = new HashMap<>();
  private final Set<String> helped = new HashSet<>();
  private final Set<String> series = new HashSet<>();
  private final Set<String> done = new HashSet<>();
  private final Map<String, Double> lastBucket = new HashMap<>();
  private final Map<String, Double> lastBound = new HashMap<>();
  private final Map<String, Double> counts = new HashMap<>();
  private String family = "";

  private Exposition() {}

  /** The faults of the text; empty if it is valid. */
  public static List<String> faults(String text) {
    Exposition read = new Exposition();
    if (!text.endsWith("\n")) {
      read.faults.add("the last line has no end");
    }
    text.lines().forEach(read::line);
    read.counts.forEach(
        (of, count) -> {
          if (!count.equals(read.lastBucket.get(of))
              || read.lastBound.get(of) != Double.POSITIVE_INFINITY) {
            read.faults.add("the last bucket of a histogram is not its count: " + of);
          }
        });
    read.types.keySet().stream()
        .filter(name -> !read.helped.contains(name))
        .forEach(name -> read.faults.add("no help: " + name));
    return read.faults;
  }

  private void line(String line) {
    String[] words = line.split(" ", 4);
    if (line.startsWith("# HELP ")) {
      begin(words[2]);
      check(helped.add(words[2]), "a second HELP", line);
    } else if (line.startsWith("# TYPE ")) {
      begin(words[2]);
      check(types.put(words[2], words[3]) == null, "a second TYPE", line);
      name(words[2], words[3]);
    } else {
      sample(line);
    }
  }

  private void begin(String name) {
    if (!name.equals(family)) {
      check(done.add(name), "a family comes twice", name);
      family = name;
    }
  }

  private void name(String name, String type) {
    boolean counter = type.equals("counter");
    check(counter == name.endsWith("_total"), "_total is for counters, and for all of them", name);
    for (String suffix : List.of("_count", "_sum", "_bucket", "_info")) {
      check(!name.endsWith(suffix), "a suffix that means something else", name);
    }
    check(!name.matches(".*[A-Z].*"), "capitals", name);
    for (String part : name.split("_")) {
      check(!SHORT_UNITS.contains(part), "an abbreviated unit", name);
    }
    check(!name.contains(type), "its type in its name", name);
  }

  private void sample(String line) {
    Matcher parts = SAMPLE.matcher(line);
    if (!parts.matches()) {
      faults.add("not a sample: " + line);
      return;
    }
    String name = parts.group(1);
    String labels = parts.group(2) == null ? "" : parts.group(2);
    check(series.add(name + labels), "a series twice", line);
    String type = types.get(family);
    if (!"histogram".equals(type) && !"summary".equals(type)) {
      check(name.equals(family) && type != null, "a sample outside its family", line);
      return;
    }
    String suffix = name.startsWith(family) ? name.substring(family.length()) : "";
    check(
        Set.of("_bucket", "_sum", "_count").contains(suffix)
            || (type.equals("summary") && suffix.isEmpty()),
        "a sample outside its family",
        line);
    if (type.equals("histogram")) {
      String of = family + LE.matcher(labels).replaceAll("").replace("{}", "");
      double value = Double.parseDouble(parts.group(3));
      if (suffix.equals("_bucket")) {
        bucket(of, labels, value);
      } else if (suffix.equals("_count")) {
        counts.put(of.replace(",}", "}"), value);
      }
    }
  }

  private void bucket(String series, String labels, double value) {
    String of = series.replace(",}", "}");
    Matcher le = LE.matcher(labels);
    check(le.find(), "a bucket without a bound", labels);
    double bound =
        le.group(1).equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(le.group(1));
    Double before = lastBound.put(of, bound);
    check(before == null || before < bound, "bounds do not rise", of);
    Double count = lastBucket.put(of, value);
    check(count == null || count <= value, "buckets do not rise", of);
  }

  private void check(boolean right, String fault, String where) {
    if (!right) {
      faults.add(fault + ": " + where);
    }
  }
}
