package devfest.studio.archive;

import devfest.studio.base.Text;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;

/** The header {@code Content-Disposition} of a file to save (RFC 6266). */
public final class Attachment {

  /** The longest title in a file name, in characters. */
  private static final int MAX_TITLE = 60;

  private Attachment() {}

  /**
   * Returns the value of the header.
   *
   * @param title any text, for example the name of the event
   * @param rest the end of the name, for example {@code pictures.zip}
   */
  public static String named(String title, String rest) {
    String clean = title.replaceAll("[^\\p{L}\\p{N}._-]+", " ").strip();
    String whole = Text.clip(clean, MAX_TITLE).strip() + " " + rest;
    return "attachment; filename=\"%s\"; filename*=UTF-8''%s"
        .formatted(
            ascii(whole),
            URLEncoder.encode(whole.strip(), StandardCharsets.UTF_8).replace("+", "%20"));
  }

  /** Returns the name for clients that know ASCII only, for example {@code devfest-lille.zip}. */
  private static String ascii(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFD)
        .toLowerCase(Locale.ROOT)
        .replaceAll("\\p{M}+", "")
        .replaceAll("[^a-z0-9.]+", "-")
        .replaceAll("^-+", "");
  }
}
