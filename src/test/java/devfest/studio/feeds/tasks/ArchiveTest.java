package devfest.studio.feeds.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.http.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveTest {

  private static final long MB = 1024 * 1024;

  @TempDir Path dir;

  private Path zip(Map<String, byte[]> entries) throws IOException {
    Path file = Files.createTempFile(dir, "archive", ".zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        out.putNextEntry(new ZipEntry(entry.getKey()));
        out.write(entry.getValue());
        out.closeEntry();
      }
    }
    return file;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> photos(Path file) throws IOException {
    List<String> all = new ArrayList<>();
    new Archive(file, 10, MB)
        .photos(
            (number, name, content) ->
                all.add(
                    number
                        + " "
                        + name
                        + " "
                        + new String(content.readAllBytes(), StandardCharsets.UTF_8)));
    return all;
  }

  private static String refusal(Path file) {
    Problem problem = assertThrows(Problem.class, () -> new Archive(file, 10, MB).check());
    assertEquals(422, problem.status());
    return problem.getMessage();
  }

  @Test
  void photosComeInTheirOrderAndWhatSystemsAddIsLeftOut() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("day one/", new byte[0]);
    entries.put("day one/a.jpg", bytes("a"));
    entries.put("__MACOSX/day one/._a.jpg", bytes("x"));
    entries.put("day one/.DS_Store", bytes("x"));
    entries.put("b.jpg", bytes("b"));
    entries.put("Thumbs.db", bytes("x"));
    Path file = zip(entries);
    assertEquals(List.of("0 day one/a.jpg a", "1 b.jpg b"), photos(file));
    assertEquals(2, new Archive(file, 10, MB).check());
    assertTrue(Archive.isOne(file));
  }

  @Test
  void aTakerNeedNotReadAPhotoToItsEnd() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("a", new byte[100_000]);
    entries.put("b", bytes("b"));
    List<Integer> taken = new ArrayList<>();
    new Archive(zip(entries), 10, MB)
        .photos(
            (number, name, content) -> {
              assertEquals(number == 0 ? 0 : 'b', content.read());
              taken.add(number);
            });
    assertEquals(List.of(0, 1), taken);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../a.jpg",
        "a/../../b.jpg",
        "/etc/a.jpg",
        "..",
        "\\\\host\\a.jpg",
        "..\\a.jpg",
        "C:\\a.jpg"
      })
  void aPathThatLeadsOutIsRefused(String name) throws IOException {
    assertTrue(refusal(zip(Map.of(name, bytes("a")))).contains("leads out"));
  }

  @Test
  void aBombIsRefusedByWhatComesOutOfIt() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("a", new byte[(int) MB / 2]);
    entries.put("b", new byte[(int) MB / 2 + 1]);
    Path file = zip(entries);
    assertTrue(Files.size(file) < 10_000);
    assertTrue(refusal(file).contains("1 MB"));
  }

  @Test
  void aBombBehindAPhotoThatNobodyReadsIsRefusedToo() throws IOException {
    Path file = zip(Map.of("a", new byte[3 * (int) MB]));
    assertThrows(
        Problem.class, () -> new Archive(file, 10, MB).photos((number, name, content) -> {}));
  }

  @Test
  void tooManyPhotosOrFilesAreRefused() throws IOException {
    Map<String, byte[]> photos = new LinkedHashMap<>();
    for (int i = 0; i < 11; i++) {
      photos.put(i + ".jpg", bytes("a"));
    }
    assertTrue(refusal(zip(photos)).contains("more than 10"));
    Map<String, byte[]> clutter = new LinkedHashMap<>();
    for (int i = 0; i < 200; i++) {
      clutter.put("." + i, bytes("a"));
    }
    assertTrue(refusal(zip(clutter)).contains("too many files"));
  }

  @Test
  void anArchiveWithoutPhotosIsRefused() throws IOException {
    assertTrue(refusal(zip(Map.of(".hidden", bytes("a")))).contains("no photos"));
  }

  @Test
  void aDamagedArchiveIsRefused() throws IOException {
    ByteArrayOutputStream noise = new ByteArrayOutputStream();
    noise.writeBytes(Files.readAllBytes(zip(Map.of("a.jpg", bytes("a".repeat(1_000))))));
    byte[] bytes = noise.toByteArray();
    for (int cut : new int[] {35, 45, 50}) {
      Path file = Files.write(dir.resolve("cut" + cut), java.util.Arrays.copyOf(bytes, cut));
      assertTrue(refusal(file).contains("damaged"), "cut at " + cut);
    }
    bytes[40] ^= 0x55;
    assertTrue(refusal(Files.write(dir.resolve("flipped"), bytes)).contains("damaged"));
    Path text = Files.writeString(dir.resolve("text"), "no archive at all");
    assertFalse(Archive.isOne(text));
  }
}
