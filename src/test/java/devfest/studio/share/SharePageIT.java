package devfest.studio.share;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.SharedServerTest;
import devfest.studio.TestImages;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page behind a link to a picture, which needs neither a token nor scripts. */
class SharePageIT extends SharedServerTest {

  private Client.Reply page(String id, String language) {
    return nobody.send(nobody.request("/p/" + id).header("Accept-Language", language));
  }

  private static String html(Client.Reply reply) {
    return new String(reply.bytes(), StandardCharsets.UTF_8);
  }

  private static String picture(Client by, String photo) {
    String id = by.transform(photo, "vintage");
    await()
        .until(
            () ->
                by.get(V1 + "/transformations/" + id)
                    .data()
                    .getString("status")
                    .equals("completed"));
    return id;
  }

  private static String property(String page, String name) {
    Matcher found = Pattern.compile("property=\"" + name + "\" content=\"([^\"]*)\"").matcher(page);
    assertTrue(found.find(), name);
    return found.group(1);
  }

  @Test
  void itShowsThePictureItsPhotoAndHowToTakePart() {
    Client guest = Client.of(base(), "sharer-" + UUID.randomUUID());
    String photo = guest.photo(TestImages.jpeg(60, 40), "private");
    String id = picture(guest, photo);
    Client.Reply reply = page(id, "de, en;q=0.5");
    assertEquals(200, reply.status());
    assertTrue(reply.header("Content-Type").startsWith("text/html"));
    assertTrue(reply.header("Cache-Control").contains("no-cache"));
    String page = html(reply);
    assertTrue(property(page, "og:image").matches("https?://.*/" + id + "\\.jpg"), page);
    assertTrue(property(page, "og:url").endsWith("/p/" + id), page);
    assertFalse(property(page, "og:title").isBlank());
    assertTrue(page.contains("src=\"../uploads/photos/medium/" + photo + ".jpg"), "before");
    assertTrue(page.contains("download=\"" + id + ".jpg\""));
    assertTrue(page.contains("Make your own"));
    assertFalse(page.contains("<script"), "it works without scripts");
    assertFalse(page.contains(guest.user()), "no user id");
    assertTrue(html(page(id, "fr-FR, en;q=0.5")).contains("Créez la vôtre"));
  }

  @Test
  void aPictureThatIsHiddenOrDeletedIsNotThere() {
    Client guest = Client.of(base(), "sharer-" + UUID.randomUUID());
    String photo = guest.photo(TestImages.jpeg(60, 40), "public");
    String id = picture(guest, photo);
    String path = V1 + "/transformations/" + id;
    assertEquals(200, root.post(path + "/hide", "").status());
    Client.Reply hidden = page(id, "en");
    assertEquals(404, hidden.status());
    assertTrue(html(hidden).contains("This picture is not here"));
    assertFalse(html(hidden).contains(id));
    assertEquals(200, root.post(path + "/show", "").status());
    assertEquals(200, page(id, "en").status());
    assertEquals(204, guest.delete(V1 + "/photos/" + photo).status());
    assertEquals(404, page(id, "en").status());
    assertEquals(404, page(UUID.randomUUID().toString(), "en").status());
    assertEquals(404, page("x", "en").status());
  }
}
