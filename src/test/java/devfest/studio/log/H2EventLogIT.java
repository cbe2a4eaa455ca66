package devfest.studio.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.events.Event;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.Visibility;
import devfest.studio.tracing.Tracing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2EventLogIT extends EventLogContract {

  /** A position of 16 digits and the end of its line. */
  private static final int POSITION_BYTES = 17;

  @TempDir static Path dir;

  @Override
  Database open() {
    return Database.h2(dir);
  }

  @Test
  void acknowledgedEventsSurviveAKill(@TempDir Path other) throws Exception {
    Path acknowledgements = other.resolve("acknowledged");
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                other.toString())
            .redirectOutput(acknowledgements.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    Awaitility.await().until(() -> Files.size(acknowledgements) > 300 * POSITION_BYTES);
    writer.destroyForcibly().waitFor();
    // The kill may have cut the last line.
    String whole =
        Files.readString(acknowledgements).substring(0, sizeOfWholeLines(acknowledgements));
    String[] lines = whole.split("\n");
    long acknowledged = Long.parseLong(lines[lines.length - 1]);
    try (Database database = Database.h2(other)) {
      List<Long> kept =
          database.transaction(
              em ->
                  new LogReader(em, user -> user)
                      .read(0, 1_000_000).stream().map(LoggedEvent::position).toList());
      long first = kept.get(0);
      long last = kept.get(kept.size() - 1);
      assertTrue(last >= acknowledged, last + " is kept, " + acknowledged + " was acknowledged");
      assertEquals(LongStream.rangeClosed(first, last).boxed().toList(), kept);
    }
  }

  private static int sizeOfWholeLines(Path file) throws IOException {
    return (int) (Files.size(file) / POSITION_BYTES * POSITION_BYTES);
  }

  /** Appends without end and prints each position after its commit. */
  static final class Writer {
    @SuppressWarnings("SystemOut")
    public static void main(String[] args) {
      Database database = Database.h2(Path.of(args[0]));
      database.run(
          em ->
              new EventLog(em, Clock.systemUTC(), Tracing.off(), new Signal<>(() -> {}))
                  .open(false));
      Event event =
          Event.of("a").visibility(Visibility.PUBLIC).channel("events").data("{}").build();
      while (true) {
        long position =
            database.transaction(
                em ->
                    new EventLog(em, Clock.systemUTC(), Tracing.off(), new Signal<>(() -> {}))
                        .append(List.of(event))
                        .get(0)
                        .position());
        System.out.println(position);
        System.out.flush();
      }
    }
  }
}
