package devfest.studio.feeds.tasks;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/** Any archive is read within its limits, or refused. */
class ArchiveFuzzTest {

  private static final int MAX_PHOTOS = 5;
  private static final int MAX_BYTES = 100_000;

  @FuzzTest(maxDuration = "10m")
  void archives(byte[] file) throws IOException {
    Archive archive =
        new Archive(() -> new SeekableInMemoryByteChannel(file), MAX_PHOTOS, MAX_BYTES);
    try {
      if (archive.check() > MAX_PHOTOS) {
        throw new AssertionError("The archive has too many photos");
      }
      archive.photos(
          (number, name, content) -> {
            if (name.isEmpty() || name.length() > 255 || name.indexOf('\n') >= 0) {
              throw new AssertionError("The name is not presentable: " + name);
            }
            try {
              content.transferTo(OutputStream.nullOutputStream());
            } catch (Archive.UnreadableException e) {
              // only this photo is refused
            }
          });
    } catch (BadArchive e) {
      // refused
    }
  }
}
