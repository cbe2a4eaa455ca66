package devfest.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard in Firefox; all other browser tests are in Chromium. */
class FirefoxBrowserIT {

  private static final String LIVE = "document.querySelector('#connection[data-state=live]')";

  @TempDir static Path dir;

  @Test
  void anUploadedPhotoIsOnTheWallAtOnceAndAReloadResumes() throws IOException {
    try (Server server = Server.start(dir, "studio.dev-mode=true");
        Firefox firefox = new Firefox(dir)) {
      Client ann = Client.of(server.base(), "ann");
      firefox.open(ann.uri("/dashboard#token=" + ann.token()));
      firefox.until(LIVE);
      assertEquals("", firefox.evaluate("location.hash"));

      Path photo = Files.write(dir.resolve("photo.jpg"), TestImages.jpeg(600, 400));
      firefox.until("document.querySelectorAll('#styles input').length > 10");
      firefox.choose("#files", photo);
      firefox.until("!document.getElementById('send').disabled");
      firefox.evaluate("document.getElementById('send').click()");
      String finished = "document.querySelectorAll('.picture[data-status=completed]').length";
      firefox.until(finished + " === 1");

      firefox.reload();
      firefox.until(LIVE);
      firefox.until(finished + " === 1");
      ann.transform(ann.photo(TestImages.jpeg(300, 200), "public"), "vintage");
      firefox.until(finished + " === 2");
    }
  }
}
