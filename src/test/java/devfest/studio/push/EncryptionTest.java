package devfest.studio.push;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.interaso.webpush.VapidKeys;
import com.interaso.webpush.WebPush;
import devfest.studio.http.Problem;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** What the studio's library encrypts, a browser decrypts. */
class EncryptionTest {

  private static final String PUBLIC =
      "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";

  private static final String AUTH = "BTBZMqHH6r4Tts7J_aSIgg";

  /** RFC 8291, appendix A. */
  @Test
  void theTestsBrowserDecryptsTheExampleOfTheRfc() throws GeneralSecurityException {
    Subscriber browser = Subscriber.of("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94", PUBLIC, AUTH);
    assertEquals(PUBLIC, browser.p256dh());
    assertEquals(
        "When I grow up, I want to be a watermelon",
        browser.decrypt(
            decode(
                "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
                    + "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
                    + "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN")));
  }

  /** Many, because some keys and points have leading zeros. */
  @Test
  void aBrowserDecryptsWhatTheLibraryEncrypts() throws GeneralSecurityException {
    WebPush push = new WebPush("https://studio.example.org", VapidKeys.generate());
    for (int i = 0; i < 300; i++) {
      Subscriber browser = new Subscriber();
      String text = "é€😀".repeat(i / 3);
      byte[] body =
          push.getBody(
              text.getBytes(StandardCharsets.UTF_8),
              decode(browser.p256dh()),
              decode(browser.auth()));
      assertEquals(text, browser.decrypt(body));
    }
  }

  @Test
  void theKeyPairIsTheSameAfterItWasStored() {
    for (int i = 0; i < 300; i++) {
      VapidKeys pair = VapidKeys.generate();
      String stored = PushKeys.text(pair);
      assertEquals(131, stored.length());
      VapidKeys read = PushKeys.of(stored);
      assertEquals(pair.getPrivateKey().getS(), read.getPrivateKey().getS());
      assertEquals(pair.getPublicKey().getW(), read.getPublicKey().getW());
      assertArrayEquals(pair.getApplicationServerKey(), read.getApplicationServerKey());
    }
  }

  @Test
  void aKeyOffTheCurveIsRefused() {
    assertEquals(PUBLIC, new BrowserKeys(PUBLIC + '=', AUTH + "==").checked().p256dh());
    for (String off :
        new String[] {
          "BA" + "A".repeat(85), PUBLIC.replace("xsr7", "xsr8"), "A" + PUBLIC.substring(1)
        }) {
      assertThrows(Problem.class, () -> new BrowserKeys(off, AUTH).checked(), off);
    }
  }

  private static byte[] decode(String text) {
    return Base64.getUrlDecoder().decode(text);
  }
}
