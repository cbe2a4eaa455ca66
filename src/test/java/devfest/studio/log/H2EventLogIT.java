package devfest.studio.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.events.Event;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.Visibility;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2EventLogIT extends EventLogContract {

  @TempDir static Path dir;

  @Override
  Database open() {
    return Database.h2(dir);
  }

  @Test
  void whatWasAcknowledgedSurvivesKillMinusNine(@TempDir Path other) throws Exception {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                other.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    long acknowledged = 0;
    try (BufferedReader positions =
        new BufferedReader(
            new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
      for (int i = 0; i < 300; i++) {
        acknowledged = Long.parseLong(positions.readLine());
      }
      writer.destroyForcibly();
      // What it had still written before it died was acknowledged as well.
      for (String line = positions.readLine(); line != null; line = positions.readLine()) {
        acknowledged = line.isEmpty() ? acknowledged : Math.max(acknowledged, parse(line));
      }
    }
    writer.waitFor();
    try (Database database = Database.h2(other)) {
      List<Long> kept =
          database.transaction(
              em ->
                  new LogReader(em)
                      .read(0, 1_000_000).stream().map(LoggedEvent::position).toList());
      long first = kept.get(0);
      long last = kept.get(kept.size() - 1);
      assertTrue(last >= acknowledged, last + " is kept, " + acknowledged + " was acknowledged");
      assertEquals(LongStream.rangeClosed(first, last).boxed().toList(), kept);
    }
  }

  /** The last line may have been cut by the kill. */
  private static long parse(String line) {
    return line.length() == 16 ? Long.parseLong(line) : 0;
  }

  /** Appends without end and prints each position after its commit. */
  static final class Writer {
    @SuppressWarnings("SystemOut")
    public static void main(String[] args) {
      Database database = Database.h2(Path.of(args[0]));
      database.run(em -> new EventLog(em, Clock.systemUTC(), new Signal(() -> {})).open(false));
      Event event = new Event("a", Visibility.PUBLIC, null, "events", null, null, "{}");
      while (true) {
        long position =
            database.transaction(
                em ->
                    new EventLog(em, Clock.systemUTC(), new Signal(() -> {}))
                        .append(List.of(event))
                        .get(0)
                        .position());
        System.out.println(position);
        System.out.flush();
      }
    }
  }
}
