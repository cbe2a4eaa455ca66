package devfest.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** An example that is a process and prints what it receives. */
final class ExampleProcess extends Example implements AutoCloseable {

  private final Path dir;
  private final Path output;
  private final List<String> command;
  private Process process;

  ExampleProcess(Path dir, String... command) {
    this.dir = dir;
    this.output = dir.resolve("output.txt");
    this.command = List.of(command);
  }

  /**
   * Runs a command in the directory to its end, with success.
   *
   * @return what it has printed
   */
  static String call(Path dir, String... command) throws IOException, InterruptedException {
    Path output = Files.createTempFile(dir, "call", ".txt");
    Process process = builder(dir, List.of(command), output).start();
    assertEquals(0, process.waitFor(), () -> read(output));
    return read(output);
  }

  private static ProcessBuilder builder(Path dir, List<String> command, Path output) {
    return new ProcessBuilder(command)
        .directory(dir.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
  }

  @Override
  void start() throws IOException {
    process = builder(dir, command, output).start();
  }

  @Override
  void stop() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  boolean live() {
    if (!process.isAlive()) {
      throw new AssertionError("The example has ended: " + lines());
    }
    return lines().contains("live");
  }

  @Override
  List<String> lines() {
    return read(output).lines().toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (process != null) {
      stop();
    }
  }
}
