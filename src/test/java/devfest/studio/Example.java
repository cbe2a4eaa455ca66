package devfest.studio;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A program of a page in {@code docs/integrate}, run as a reader runs it. */
abstract class Example {

  private static final Path PAGES = Path.of("docs/integrate");
  private static final String WRITTEN = "http://localhost:8080";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** A block that begins with the name of its file, in a comment. */
  private static final Pattern FILE =
      Pattern.compile(
          "^```\\w+\n((?://|#|<!--) ([\\w.]+)(?: -->)?\n.*?)^```$",
          Pattern.MULTILINE | Pattern.DOTALL);

  abstract void start() throws IOException;

  /** Ends it without giving it time for anything. */
  abstract void stop();

  /** Whether it has said that it is connected. */
  abstract boolean live();

  /** What it has printed or shows. */
  abstract List<String> lines();

  /**
   * Writes the files of a page, for a studio at another address.
   *
   * @return a new directory, in which Node.js finds the packages of the project
   */
  static Path write(String page, URI studio) throws IOException {
    Files.createDirectories(Path.of("target"));
    Path dir = Files.createTempDirectory(Path.of("target"), "example").toAbsolutePath();
    String text = Files.readString(PAGES.resolve(page));
    Matcher file = FILE.matcher(text.replace(WRITTEN, studio.toString().replaceFirst("/$", "")));
    while (file.find()) {
      Files.writeString(dir.resolve(file.group(2)), file.group(1));
    }
    try (Stream<Path> files = Files.list(dir)) {
      assertFalse(files.findAny().isEmpty(), page + " has no files");
    }
    return dir;
  }

  /**
   * Follows events while the connection is cut, the tokens of its user are revoked, and the program
   * is started again: it gets each event once and in order.
   *
   * @param line over which the program reaches the studio
   */
  final void run(SlowLine line, Client publisher, Client admin) throws IOException {
    List<String> expected = new ArrayList<>();
    start();
    await().atMost(PATIENCE).until(this::live);
    publish(publisher, expected);
    line.cut();
    publish(publisher, expected);
    assertEquals(204, admin.delete("/api/v1/users/ann/sessions").status());
    publish(publisher, expected);
    stop();
    String missed = event(publisher);
    start();
    receive(missed, expected);
    stop();
    assertEquals(expected, lines().stream().filter(expected::contains).toList());
  }

  private void publish(Client publisher, List<String> expected) {
    receive(event(publisher), expected);
  }

  private void receive(String line, List<String> expected) {
    expected.add(line);
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertEquals(1, lines().stream().filter(line::equals).count()));
  }

  /** Publishes an event, and returns the line that the program makes of it. */
  private static String event(Client publisher) {
    String room = UUID.randomUUID().toString();
    publisher.publish("talk.started", "{\"room\":\"" + room + "\"}", "public");
    return "talk.started " + room;
  }
}
