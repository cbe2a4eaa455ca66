package devfest.studio.photos;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import devfest.studio.blobs.Spool;
import devfest.studio.events.Visibility;
import devfest.studio.http.Problem;
import devfest.studio.settings.DataSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadFormTest {

  private static final String TYPE = "multipart/form-data; boundary=b";
  private static final int MAX_BYTES = 200_000;

  @TempDir Path dir;
  private Spool spool;

  @BeforeEach
  void open() {
    spool = new Spool(new DataSettings(dir));
  }

  @AfterEach
  void noFileIsLeftBehind() throws IOException {
    try (Stream<Path> files = Files.walk(dir)) {
      assertEquals(0, files.filter(Files::isRegularFile).count());
    }
  }

  private UploadForm read(String type, String body) throws IOException {
    InputStream in = new ByteArrayInputStream(body.getBytes(StandardCharsets.ISO_8859_1));
    return UploadForm.read(in, type, spool, MAX_BYTES);
  }

  private int refusal(String body) {
    return assertThrows(Problem.class, () -> read(TYPE, body)).status();
  }

  private static String part(String name, String content) {
    return "--b\r\nContent-Disposition: form-data; name=\""
        + name
        + "\"\r\n\r\n"
        + content
        + "\r\n";
  }

  private static final String END = "--b--\r\n";

  @Test
  void aFormHasAFileAndAVisibilityInAnyOrder() throws IOException {
    for (String body :
        new String[] {
          part("file", "abc") + part("visibility", "public") + END,
          part("visibility", " public ") + part("photo", "abc") + END
        }) {
      try (UploadForm form = read(TYPE, body)) {
        assertEquals(Visibility.PUBLIC, form.visibility());
        assertEquals("abc", new String(form.file().bytes(), StandardCharsets.US_ASCII));
        assertEquals("abc", new String(form.file().head(), StandardCharsets.US_ASCII));
        assertEquals(3, form.file().size());
        assertEquals("", form.fileName());
      }
    }
  }

  @Test
  void withoutAVisibilityAFormIsPrivate() throws IOException {
    try (UploadForm form = read(TYPE, part("file", "a") + part("x", "y") + END)) {
      assertEquals(Visibility.PRIVATE, form.visibility());
    }
  }

  @Test
  void aFileOfBytesThatLookLikeBoundariesArrivesUnchanged() throws IOException {
    byte[] bytes = new byte[150_000];
    new Random(5).nextBytes(bytes);
    String noise = new String(bytes, StandardCharsets.ISO_8859_1).replace("\r\n--b", "");
    String content = "--b\r\n-\r\n--a--b--" + noise + "\r\n--" + "\r\n-";
    try (UploadForm form = read(TYPE, part("file", content) + END)) {
      assertArrayEquals(content.getBytes(StandardCharsets.ISO_8859_1), form.file().bytes());
    }
  }

  @Test
  void theFileNameMayBeQuotedAndInUtf8() throws IOException {
    String utf8 =
        new String("été \"1\".jpg".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    String header =
        "--b\r\ncontent-disposition: form-data; name=file;\r\n filename=\""
            + utf8.replace("\"", "\\\"")
            + "\"\r\nContent-Type: image/jpeg\r\n\r\n";
    try (UploadForm form = read(TYPE, header + "a\r\n" + END)) {
      assertEquals("été", form.fileName().substring(0, 3));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "multipart/form-data; boundary=\"b\"",
        "multipart/form-data;charset=UTF-8;boundary=b",
        "multipart/form-data; Boundary=b"
      })
  void theBoundaryMayBeSpelledInManyWays(String type) throws IOException {
    read(type, part("file", "a") + END).close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"multipart/form-data", "multipart/form-data; boundary=", "x"})
  void aTypeWithoutABoundaryIsRejected(String type) {
    assertEquals(400, assertThrows(Problem.class, () -> read(type, END)).status());
  }

  @Test
  void aFormWithoutAFileOrWithTwoIsRejected() {
    assertEquals(400, refusal(part("visibility", "public") + END));
    assertEquals(400, refusal(part("file", "a") + part("photo", "b") + END));
    assertEquals(400, refusal(part("file", "a") + part("visibility", "private").repeat(2) + END));
    assertEquals(400, refusal(part("file", "a") + part("visibility", "secret") + END));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nix",
        "--b",
        "--b\r\n",
        "--b\r\nContent-Disposition: form-data; name=\"file\"",
        "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nabc",
        "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nabc\r\n--b",
      })
  void aTruncatedBodyIsRejected(String body) {
    assertEquals(400, refusal(body));
  }

  @Test
  void anEmptyOrTooLargeFileIsRejected() {
    assertThrows(PhotoRefused.Empty.class, () -> read(TYPE, part("file", "") + END));
    assertThrows(
        PhotoRefused.TooLarge.class,
        () -> read(TYPE, part("file", "x".repeat(MAX_BYTES + 1)) + END));
  }

  @Test
  void aBodyOfManyPartsIsRejectedAtTheFirstPartTooMany() throws IOException {
    String others = part("x", "").repeat(UploadForm.MAX_PARTS - 1);
    read(TYPE, others + part("file", "a") + END).close();
    assertEquals(413, refusal(others + part("x", "") + part("file", "a") + END));
  }

  @Test
  void aPartWithALongHeaderIsRejected() {
    String line = "X-Long: " + "x".repeat(UploadForm.MAX_HEADER_BYTES) + "\r\n";
    assertEquals(413, refusal("--b\r\n" + line + "\r\na\r\n" + END));
    assertEquals(413, refusal("--b\r\n" + "X: y\r\n".repeat(1_000) + "\r\na\r\n" + END));
  }
}
