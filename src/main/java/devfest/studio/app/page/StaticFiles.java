package devfest.studio.app.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import devfest.studio.base.Sha256;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The scripts, styles and pictures of the studio's own pages, in memory.
 *
 * <p>They have a stable address, such as {@code client/devfest-studio.js}, and one for each version
 * of the application, {@code v/VERSION/client/devfest-studio.js}. The pages use the latter, so
 * browsers may keep the files, and never combine those of two versions. The scripts of pages are
 * joined there, see {@link Bundler}. Safe for use by multiple threads.
 */
@ApplicationScoped
public class StaticFiles {

  /** What the versions contain: directories, and the one file that pages need from a library. */
  private static final List<String> CONTENT =
      List.of("/client/", "/dashboard/", "/vendor/", "/webjars/chart.js/4.5.1/dist/chart.umd.js");

  private static final int DIGITS = 12;

  private final Map<String, StaticContent> stable;
  private final Map<String, StaticContent> versioned;
  private final String version;

  @Inject
  StaticFiles(ServletContext context) {
    Map<String, StaticContent> files = new TreeMap<>();
    Deque<String> open = new ArrayDeque<>(CONTENT);
    while (!open.isEmpty()) {
      String path = open.remove();
      if (path.endsWith("/")) {
        open.addAll(Optional.ofNullable(context.getResourcePaths(path)).orElse(Set.of()));
      } else {
        files.put(path.substring(1), read(context, path));
      }
    }
    Map<String, String> modules =
        files.entrySet().stream()
            .filter(file -> file.getKey().matches("(?:client|dashboard)/[^/]+\\.js"))
            .collect(Collectors.toMap(Map.Entry::getKey, file -> file.getValue().text()));
    stable = Map.copyOf(files);
    Bundler.scripts(modules)
        .forEach((path, text) -> files.put(path, StaticContent.ofText("text/javascript", text)));
    versioned = Map.copyOf(files);
    MessageDigest digest = Sha256.begin();
    files.forEach((path, content) -> digest.update((path + content.tag()).getBytes(UTF_8)));
    version = Sha256.hex(digest).substring(0, DIGITS);
  }

  private static StaticContent read(ServletContext context, String path) {
    try (InputStream in = context.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("The application has no file " + path);
      }
      String type = context.getMimeType(path);
      return new StaticContent(type == null ? "application/octet-stream" : type, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the version of all files: 12 hexadecimal digits. */
  String version() {
    return version;
  }

  /**
   * @param path without a leading slash
   */
  Optional<StaticContent> atStableAddress(String path) {
    return Optional.ofNullable(stable.get(path));
  }

  /**
   * @param path below the directory of the version
   */
  Optional<StaticContent> atVersion(String path) {
    return Optional.ofNullable(versioned.get(path));
  }
}
