package devfest.studio.photos;

import com.code_intelligence.jazzer.junit.FuzzTest;
import devfest.studio.blobs.Spool;
import devfest.studio.http.Problem;
import devfest.studio.settings.DataSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

/** Any body of an upload is read or refused, whatever its boundary. */
class UploadFormFuzzTest {

  private static final int MAX_BYTES = 10_000;

  private final Spool spool;

  UploadFormFuzzTest() throws IOException {
    spool = new Spool(new DataSettings(Files.createTempDirectory("fuzz")));
  }

  /** The first line is the header with the boundary, and the rest is the body. */
  @FuzzTest(maxDuration = "10m")
  void forms(byte[] input) throws IOException {
    int line = 0;
    while (line < input.length && input[line] != '\n') {
      line++;
    }
    String type = new String(input, 0, line, StandardCharsets.ISO_8859_1);
    int body = Math.min(line + 1, input.length);
    try (UploadForm form =
        UploadForm.read(
            new ByteArrayInputStream(input, body, input.length - body), type, spool, MAX_BYTES)) {
      if (form.file().size() == 0 || form.file().size() > MAX_BYTES) {
        throw new AssertionError("The file has " + form.file().size() + " bytes");
      }
    } catch (Problem | PhotoRefused e) {
      // refused
    }
  }
}
