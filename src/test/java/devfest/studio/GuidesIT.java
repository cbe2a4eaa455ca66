package devfest.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The programs of the guides in Java, in Kotlin and for the shell, as they stand there. */
class GuidesIT extends SharedServerTest {

  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  private static final String CLASS_PATH = System.getProperty("java.class.path");

  @Test
  void theScriptReceivesEachEventOnceAndRenewsItsToken() throws IOException {
    try (SlowLine line = new SlowLine(base(), 0);
        ExampleProcess example =
            new ExampleProcess(Example.write("curl.md", line.base()), "bash", "studio.sh")) {
      example.run(line, publisher, root);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Talks", "Rooms", "Halls"})
  void aJavaProgramReceivesEachEventOnceAndRenewsItsToken(String program) throws IOException {
    try (SlowLine line = new SlowLine(base(), 0)) {
      Path dir = Example.write("java.md", line.base());
      compile(dir, CLASS_PATH);
      run(line, dir, program);
    }
  }

  @Test
  void aKotlinProgramReceivesEachEventOnceAndRenewsItsToken()
      throws IOException, InterruptedException {
    try (SlowLine line = new SlowLine(base(), 0)) {
      Path dir = Example.write("kotlin.md", line.base());
      ExampleProcess.call(
          dir,
          JAVA,
          "-cp",
          CLASS_PATH,
          "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler",
          "-no-stdlib",
          "-no-reflect",
          "-Werror",
          "-classpath",
          CLASS_PATH,
          "-d",
          dir.toString(),
          "Studio.kt",
          "Main.kt");
      run(line, dir, "MainKt");
    }
  }

  private void run(SlowLine line, Path dir, String program) throws IOException {
    String classPath = dir + System.getProperty("path.separator") + CLASS_PATH;
    try (ExampleProcess example = new ExampleProcess(dir, JAVA, "-cp", classPath, program)) {
      example.run(line, publisher, root);
    }
  }

  private static void compile(Path dir, String classPath) throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      Stream<String> options =
          Stream.of("-Xlint:all,-path", "-Werror", "-proc:none", "--release", "17");
      String[] arguments =
          Stream.of(options, Stream.of("-cp", classPath), files.map(Path::toString))
              .flatMap(all -> all)
              .toArray(String[]::new);
      ByteArrayOutputStream messages = new ByteArrayOutputStream();
      int code = ToolProvider.getSystemJavaCompiler().run(null, messages, messages, arguments);
      assertEquals(0, code, () -> List.of(arguments) + messages.toString(StandardCharsets.UTF_8));
    }
  }
}
