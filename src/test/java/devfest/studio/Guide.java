package devfest.studio;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The commands of a guide, run as a reader runs them: all {@code sh} blocks from top to bottom in
 * one bash. A {@code text} block after one is what it prints, line by line, with … for anything on
 * a line; more may be printed before, between and after.
 */
final class Guide {

  private static final Pattern BLOCK =
      Pattern.compile("^```(sh|text)\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern VARIABLE = Pattern.compile("^(\\w+)=", Pattern.MULTILINE);
  private static final String END = "@@@ ";

  /** curl's own code for a stream that --max-time ended. */
  private static final String TIMED_OUT = "28";

  private record Step(String commands, List<String> output) {}

  private final List<Step> steps = new ArrayList<>();

  private Guide(String text) {
    Matcher block = BLOCK.matcher(text);
    while (block.find()) {
      if (block.group(1).equals("sh")) {
        steps.add(new Step(block.group(2), new ArrayList<>()));
      } else {
        steps.get(steps.size() - 1).output().addAll(block.group(2).lines().toList());
      }
    }
  }

  static Guide of(Path file) throws IOException {
    return new Guide(Files.readString(file));
  }

  /**
   * Runs all commands against a studio.
   *
   * @param written the address that stands in the guide
   * @param dir where to run them; the project's sources are in it as {@code src}
   */
  void run(String written, URI studio, Path dir) throws IOException, InterruptedException {
    Files.createSymbolicLink(dir.resolve("src"), Path.of("src").toAbsolutePath());
    StringBuilder script = new StringBuilder();
    for (Step step : steps) {
      script.append(step.commands().replace(written, studio.toString().replaceFirst("/$", "")));
      script.append("code=$?\n");
      Matcher variable = VARIABLE.matcher(step.commands());
      while (variable.find()) {
        script.append("test -n \"$%1$s\" || code='%1$s is empty'\n".formatted(variable.group(1)));
      }
      script.append("echo; echo \"").append(END).append("$code\"\n");
    }
    Path output = Files.createTempFile(dir, "guide", ".txt");
    ProcessBuilder bash = new ProcessBuilder("bash", "-c", script.toString());
    bash.environment()
        .merge("PATH", System.getProperty("java.home") + "/bin", (path, bin) -> bin + ':' + path);
    Process process =
        bash.directory(dir.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertTrue(process.waitFor(5, TimeUnit.MINUTES), "the guide is done within five minutes");
    } finally {
      process.destroyForcibly();
    }
    check(new ArrayDeque<>(Files.readAllLines(output)));
  }

  private void check(Deque<String> lines) {
    for (Step step : steps) {
      List<String> printed = new ArrayList<>();
      String end = null;
      while (end == null) {
        assertFalse(lines.isEmpty(), () -> step.commands() + "ended the shell, after " + printed);
        String line = lines.remove();
        if (line.startsWith(END)) {
          end = line.substring(END.length());
        } else {
          printed.add(line);
        }
      }
      assertTrue(
          end.equals("0") || end.equals(TIMED_OUT),
          step.commands() + "ended with " + end + ", after " + printed);
      String text = String.join("\n", printed);
      int from = 0;
      for (String expected : step.output()) {
        Matcher found = pattern(expected).matcher(text).region(from, text.length());
        assertTrue(
            found.find(),
            () -> step.commands() + "did not print, in order: " + expected + "\nbut: " + text);
        from = found.end();
      }
    }
    assertTrue(lines.isEmpty(), () -> "left over: " + lines);
  }

  /** The line with anything for each …. */
  private static Pattern pattern(String line) {
    return Pattern.compile("\\Q" + line.replace("…", "\\E.*?\\Q") + "\\E");
  }
}
