package devfest.studio.feeds.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.base.UnavailableException;
import devfest.studio.blobs.Blob;
import devfest.studio.blobs.BlobChannel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  private static Archive archive(Path file, int maxPhotos, long maxBytes) {
    return new Archive(() -> Files.newByteChannel(file), maxPhotos, maxBytes);
  }

  private static List<String> photos(Path file) throws IOException {
    List<String> all = new ArrayList<>();
    archive(file, 10, MB)
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

  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void aStoreThatIsAwayDoesNotMakeAnArchiveDamaged(int reads) throws IOException {
    Path file = zip(Map.of("a.jpg", bytes("a"), "b.jpg", bytes("b")));
    AtomicInteger left = new AtomicInteger(reads);
    Blob blob =
        new Blob() {
          @Override
          public long size() {
            return file.toFile().length();
          }

          @Override
          public String tag() {
            return "";
          }

          @Override
          public InputStream read(long first, long length) throws IOException {
            if (left.getAndDecrement() <= 0) {
              throw new UnavailableException("away", null);
            }
            InputStream in = Files.newInputStream(file);
            in.skipNBytes(first);
            return in;
          }

          @Override
          public void close() {}
        };
    Archive archive = new Archive(() -> new BlobChannel(blob), 10, MB);
    assertThrows(UnavailableException.class, archive::check);
  }

  private static String refusal(Path file) {
    BadArchive refusal = assertThrows(BadArchive.class, () -> archive(file, 10, MB).check());
    return refusal.getMessage();
  }

  @Test
  void photosAreReadInOrderAndSystemFilesAreSkipped() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("day one/", new byte[0]);
    entries.put("day one/a.jpg", bytes("a"));
    entries.put("__MACOSX/day one/._a.jpg", bytes("x"));
    entries.put("day one/.DS_Store", bytes("x"));
    entries.put("b.jpg", bytes("b"));
    entries.put("Thumbs.db", bytes("x"));
    entries.put("desktop.ini", bytes("x"));
    entries.put("day one\\Desktop.ini", bytes("x"));
    entries.put("day one\\ehthumbs.db", bytes("x"));
    entries.put("day one\\two\\", new byte[0]);
    entries.put("day one/__MACOSX/c.jpg", bytes("x"));
    entries.put("day one/@eaDir/c.jpg/SYNOPHOTO_THUMB_M.jpg", bytes("x"));
    entries.put("Icon\r", bytes("x"));
    Path file = zip(entries);
    assertEquals(List.of("0 day one/a.jpg a", "1 b.jpg b"), photos(file));
    assertEquals(2, archive(file, 10, MB).check());
    assertTrue(Archive.isZip(Files.readAllBytes(file)));
  }

  @Test
  void aConsumerCanSkipTheRestOfAPhoto() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("a", new byte[100_000]);
    entries.put("b", bytes("b"));
    List<Integer> taken = new ArrayList<>();
    archive(zip(entries), 10, MB)
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
  void aPathThatEscapesTheArchiveIsRejectedAndTheOthersAreAccepted(String name) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put(name, bytes("a"));
    entries.put("b.jpg", bytes("b"));
    Path file = zip(entries);
    assertEquals(2, archive(file, 10, MB).check());
    List<String> taken = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    archive(file, 10, MB)
        .photos(
            (number, label, content) -> {
              try {
                taken.add(new String(content.readAllBytes(), StandardCharsets.UTF_8));
              } catch (Archive.UnreadableException e) {
                refused.add(e.getMessage());
              }
            });
    assertEquals(List.of("b"), taken);
    assertEquals(List.of("The path of the file points outside the archive."), refused);
  }

  @Test
  void unusualNamesAreAccepted() throws IOException {
    String woman = "👩‍🚀";
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put("a: b.jpg", "a: b.jpg");
    labels.put("x:y", "x:y");
    labels.put("C:a.jpg", "C:a.jpg");
    labels.put("12:30 *?<>|\"'.jpg", "12:30 *?<>|\"'.jpg");
    labels.put("a\\b.jpg", "a\\b.jpg");
    labels.put("a\nb\0\u001b\u0085\u2028.jpg", "a?b????.jpg");
    labels.put(" ", "?");
    labels.put("...a.jpg", "...a.jpg");
    labels.put("x".repeat(60_000) + woman + "y".repeat(253), "y".repeat(253));
    labels.put("x".repeat(5_000) + woman + "y".repeat(250), woman + "y".repeat(250));
    Map<String, byte[]> entries = new LinkedHashMap<>();
    labels.keySet().forEach(name -> entries.put(name, bytes("z")));
    List<String> expected = new ArrayList<>();
    labels.values().forEach(label -> expected.add(expected.size() + " " + label + " z"));
    assertEquals(expected, photos(zip(entries)));
  }

  @Test
  void aNameWronglyMarkedAsUtf8IsStillRead() throws IOException {
    Path file = zip(Map.of("K\u00fcche.jpg", bytes("k")));
    byte[] bytes = Files.readAllBytes(file);
    for (int i = 0; i + 1 < bytes.length; i++) {
      if ((bytes[i] & 0xff) == 0xc3 && (bytes[i + 1] & 0xff) == 0xbc) {
        bytes[i] = (byte) 0xff;
        bytes[i + 1] = (byte) 0xfe;
      }
    }
    List<String> names = photos(Files.write(dir.resolve("bad"), bytes));
    assertEquals(1, names.size());
    assertTrue(names.get(0).startsWith("0 K") && names.get(0).endsWith("che.jpg k"), names.get(0));
  }

  @ParameterizedTest
  @CsvSource({
    "me.jpg, me.jpg",
    "C:\\Users\\me\\me.jpg, me.jpg",
    "../me.jpg, me.jpg",
    "a: b.jpg, a: b.jpg",
    "'', photo",
    ".jpg, photo",
    "desktop.ini, photo",
    "a/.., photo",
  })
  void aSinglePhotoBecomesAnArchiveOfOne(String name, String label) throws IOException {
    Path picture = Files.writeString(dir.resolve("picture"), "pixels");
    Path file = dir.resolve("packed");
    try (InputStream in = Files.newInputStream(picture);
        OutputStream out = Files.newOutputStream(file)) {
      Archive.pack(name, in, out);
    }
    assertEquals(List.of("0 " + label + " pixels"), photos(file));
  }

  @Test
  void aZipBombIsRejectedByItsInflatedSize() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("a", new byte[(int) MB / 2]);
    entries.put("b", new byte[(int) MB / 2 + 1]);
    Path file = zip(entries);
    assertTrue(Files.size(file) < 10_000);
    assertTrue(refusal(file).contains("1 MB"));
  }

  @Test
  void tooManyPhotosOrFilesAreRejected() throws IOException {
    Map<String, byte[]> photos = new LinkedHashMap<>();
    for (int i = 0; i < 11; i++) {
      photos.put(i + ".jpg", bytes("a"));
    }
    assertTrue(refusal(zip(photos)).contains("more than 10"));
    Map<String, byte[]> clutter = new LinkedHashMap<>();
    for (int i = 0; i < 121; i++) {
      clutter.put("." + i, bytes("a"));
    }
    assertTrue(refusal(zip(clutter)).contains("too many files"));
  }

  @Test
  void anArchiveWithoutPhotosIsRejected() throws IOException {
    assertTrue(refusal(zip(Map.of(".hidden", bytes("a")))).contains("no photos"));
  }

  @Test
  void aDamagedArchiveIsRejected() throws IOException {
    byte[] bytes = Files.readAllBytes(zip(Map.of("a.jpg", bytes("a".repeat(1_000)))));
    for (int cut : new int[] {35, 45, bytes.length - 30, bytes.length - 1}) {
      Path file = Files.write(dir.resolve("cut" + cut), Arrays.copyOf(bytes, cut));
      assertTrue(refusal(file).contains("damaged"), "cut at " + cut);
    }
    Path text = Files.writeString(dir.resolve("text"), "no archive at all");
    assertFalse(Archive.isZip(Files.readAllBytes(text)));
  }

  @Test
  void dataBetweenPhotosHidesNoPhoto() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("a.jpg", bytes("a"));
    entries.put("b.jpg", bytes("b"));
    byte[] bytes = Files.readAllBytes(zip(entries));
    int second = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("PK\3\4", 4);
    int padding = 16;
    byte[] padded = new byte[bytes.length + padding];
    System.arraycopy(bytes, 0, padded, 0, second);
    System.arraycopy(bytes, second, padded, second + padding, bytes.length - second);
    ByteBuffer all = ByteBuffer.wrap(padded).order(ByteOrder.LITTLE_ENDIAN);
    int end = padded.length - 22;
    int directory = all.getInt(end + 16) + padding;
    all.putInt(end + 16, directory);
    int entry =
        directory + 46 + "a.jpg".length() + Short.toUnsignedInt(all.getShort(directory + 30));
    all.putInt(entry + 42, all.getInt(entry + 42) + padding);
    assertEquals(
        List.of("0 a.jpg a", "1 b.jpg b"), photos(Files.write(dir.resolve("padded"), padded)));
  }

  @Test
  void namesInLegacyEncodingsAreRead() throws IOException {
    Path file = Files.createTempFile(dir, "old", ".zip");
    try (ZipOutputStream out =
        new ZipOutputStream(
            Files.newOutputStream(file), java.nio.charset.Charset.forName("IBM437"))) {
      out.putNextEntry(new ZipEntry("Küche.jpg"));
      out.write(bytes("k"));
    }
    assertEquals(List.of("0 Küche.jpg k"), photos(file));
  }

  @Test
  void anUnreadablePhotoDoesNotFailTheArchive() throws IOException {
    Path file = zip(Map.of("a.jpg", bytes("a".repeat(1_000))));
    byte[] bytes = Files.readAllBytes(file);
    bytes[30 + "a.jpg".length()] ^= 0x7f; // where it is deflated
    Files.write(file, bytes);
    assertEquals(1, archive(file, 10, MB).check());
    assertThrows(Archive.UnreadableException.class, () -> photos(file));
  }

  @Test
  void aTruncatedPhotoDoesNotFailTheArchive() throws IOException {
    byte[] photo = new byte[5_000];
    new java.util.Random(1).nextBytes(photo);
    byte[] bytes = Files.readAllBytes(zip(Map.of("a.jpg", photo)));
    ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int directory = all.getInt(bytes.length - 22 + 16);
    all.putInt(directory + 20, 1_000); // so much of it is there, the directory says
    Path file = Files.write(dir.resolve("short"), bytes);
    assertEquals(1, archive(file, 10, MB).check());
    assertThrows(Archive.UnreadableException.class, () -> photos(file));
  }

  @Test
  void overlappingPhotosAreNotReadRepeatedly() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    byte[] photo = new byte[900_000];
    new java.util.Random(1).nextBytes(photo);
    entries.put("0.jpg", photo);
    for (int i = 1; i < 10; i++) {
      entries.put(i + ".jpg", new byte[0]);
    }
    byte[] bytes = Files.readAllBytes(zip(entries));
    ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int first = all.getInt(bytes.length - 22 + 16);
    for (int i = 1; i < 10; i++) { // all of them are the first
      int entry = first + i * (46 + "0.jpg".length());
      System.arraycopy(bytes, first, bytes, entry, 46);
    }
    Path file = Files.write(dir.resolve("overlap"), bytes);
    List<Integer> read = new ArrayList<>();
    assertThrows(
        Archive.UnreadableException.class,
        () ->
            archive(file, 10, 100 * MB)
                .photos((number, name, content) -> read.add(content.readAllBytes().length)));
    assertTrue(read.size() >= 2 && read.size() <= 4, read::toString);
  }

  @Test
  void twoPhotosWithTheSameNameAreBothKept() throws IOException {
    byte[] bytes = Files.readAllBytes(zip(inOrder("a.jpg", "b.jpg")));
    String text = new String(bytes, StandardCharsets.ISO_8859_1).replace("b.jpg", "a.jpg");
    Path file = Files.write(dir.resolve("twice"), text.getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(List.of("0 a.jpg a", "1 a.jpg b"), photos(file));
  }

  private static Map<String, byte[]> inOrder(String... names) {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    for (String name : names) {
      entries.put(name, bytes(name.substring(0, 1)));
    }
    return entries;
  }

  @Test
  void zip64ArchivesAreRead() throws IOException {
    Path file = dir.resolve("large.zip");
    try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(file)) {
      out.setUseZip64(Zip64Mode.Always);
      out.putArchiveEntry(new ZipArchiveEntry("a.jpg"));
      out.write(bytes("a"));
      out.closeArchiveEntry();
    }
    assertEquals(List.of("0 a.jpg a"), photos(file));
  }

  @Test
  void utf8NamesAreReadWithOrWithoutTheirFlag() throws IOException {
    Path file = zip(Map.of("Küche.jpg", bytes("k")));
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int directory = all.getInt(bytes.length - 22 + 16);
    all.putShort(directory + 8, (short) (all.getShort(directory + 8) & ~0x800));
    assertEquals(List.of("0 Küche.jpg k"), photos(file));
    assertEquals(List.of("0 Küche.jpg k"), photos(Files.write(file, bytes)));
  }

  @Test
  void aDirectoryWithAFalseSizeIsNotReadIntoMemory() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    for (int i = 0; i < 30_000; i++) {
      entries.put(i + ".jpg", new byte[0]);
    }
    Path file = zip(entries);
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    all.putShort(bytes.length - 22 + 8, (short) 1);
    all.putShort(bytes.length - 22 + 10, (short) 1);
    assertTrue(refusal(Files.write(file, bytes)).contains("too many files"));
  }

  @Test
  void encryptedPhotosAreRejected() throws IOException {
    byte[] bytes = Files.readAllBytes(zip(Map.of("a.jpg", bytes("a"))));
    ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int directory = all.getInt(bytes.length - 22 + 16);
    all.putShort(6, (short) (all.getShort(6) | 1));
    all.putShort(directory + 8, (short) (all.getShort(directory + 8) | 1));
    Path file = Files.write(dir.resolve("encrypted"), bytes);
    assertEquals(1, archive(file, 10, MB).check());
    Exception refused = assertThrows(Archive.UnreadableException.class, () -> photos(file));
    assertTrue(refused.getMessage().contains("encrypted"));
  }
}
