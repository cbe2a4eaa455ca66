package devfest.studio.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.personal.Export;
import jakarta.json.Json;
import jakarta.json.bind.JsonbBuilder;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {

  @TempDir Path dir;

  /** Numbers in pages of at most 100. */
  private static Iterator<Integer> numbers(int count, List<Integer> sizes) {
    return Export.pages(
        last -> {
          int from = last == null ? 0 : last + 1;
          List<Integer> page = IntStream.range(from, Math.min(count, from + 100)).boxed().toList();
          sizes.add(page.size());
          return page;
        });
  }

  @Test
  void itemsAreReadPageByPageAndFilesAreComplete() throws Exception {
    File file = dir.resolve("export.zip").toFile();
    List<Integer> sizes = new ArrayList<>();
    AtomicInteger pulses = new AtomicInteger();
    try (OutputStream out = Files.newOutputStream(file.toPath())) {
      Archive archive = new Archive(out, JsonbBuilder.create(), pulses::incrementAndGet);
      archive.array("numbers.json", numbers(450, sizes));
      archive.array("none.json", List.of().iterator());
      archive.lines("lines.jsonl", Export.map(numbers(3, sizes), n -> "{\"n\":" + n + "}"));
      archive.file("photos/1.jpg", new ByteArrayInputStream(new byte[] {1, 2, 3}));
      archive.finish();
    }
    assertEquals(List.of(100, 100, 100, 100, 50, 0, 3, 0), sizes);
    assertEquals(4 + 450 / Export.PAGE, pulses.get());
    try (ZipFile zip = new ZipFile(file)) {
      assertEquals(450, array(zip, "numbers.json"));
      assertEquals(0, array(zip, "none.json"));
      assertEquals("{\"n\":0}\n{\"n\":1}\n{\"n\":2}\n", text(zip, "lines.jsonl"));
      assertEquals(3, zip.getInputStream(zip.getEntry("photos/1.jpg")).readAllBytes().length);
    }
  }

  private static String text(ZipFile zip, String name) throws IOException {
    return new String(
        zip.getInputStream(zip.getEntry(name)).readAllBytes(), StandardCharsets.UTF_8);
  }

  private static int array(ZipFile zip, String name) throws IOException {
    return Json.createReader(zip.getInputStream(zip.getEntry(name))).readArray().size();
  }

  @Test
  void anArchiveThatWasNotFinishedIsDamaged() throws Exception {
    File file = dir.resolve("export.zip").toFile();
    try (OutputStream out = Files.newOutputStream(file.toPath())) {
      Archive archive = new Archive(out, JsonbBuilder.create(), () -> {});
      archive.array("numbers.json", numbers(10, new ArrayList<>()));
      assertTrue(file.length() > 0);
    }
    assertThrows(ZipException.class, () -> new ZipFile(file).close());
  }
}
