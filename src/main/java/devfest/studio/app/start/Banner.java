package devfest.studio.app.start;

import devfest.studio.http.Links;
import devfest.studio.security.DevMode;
import devfest.studio.security.Roles;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Prints a link and a curl command in dev mode once the studio responds. */
@ApplicationScoped
public class Banner {

  private static final Logger LOG = System.getLogger(Banner.class.getName());

  /** One working day. */
  private static final Duration TOKEN_LIFE = Duration.ofHours(12);

  /** Two per second for one minute; a slow machine starts in half a minute. */
  private static final int TRIES = 120;

  private final DevMode devMode;
  private final Links links;

  @Inject
  Banner(DevMode devMode, Links links) {
    this.devMode = devMode;
    this.links = links;
  }

  /** Waits until the studio responds at its public URL, then prints. Blocks for up to minutes. */
  void print() {
    String base = links.base();
    try {
      if (!responds(URI.create(base + "/api/v1/health"))) {
        LOG.log(Level.WARNING, "The studio does not respond at its studio.public-url " + base);
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    String token = devMode.issue("dev", List.of(Roles.PUBLISHER, Roles.ADMIN), TOKEN_LIFE).token();
    LOG.log(
        Level.INFO,
        """


        ====================================================================================

          DevFest Studio is running (dev mode). Open

          %s/dashboard#token=%s

          and follow all events:

          curl -N -H "Authorization: Bearer %s" %s/api/v1/events/stream

        ====================================================================================
        """
            .formatted(base, token, token, base));
  }

  private static boolean responds(URI health) throws InterruptedException {
    HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    HttpRequest request = HttpRequest.newBuilder(health).timeout(Duration.ofSeconds(5)).build();
    for (int i = 0; i < TRIES; i++) {
      try {
        if (client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
          return true;
        }
      } catch (IOException e) {
        LOG.log(Level.TRACE, "The studio does not respond yet");
      }
      TimeUnit.MILLISECONDS.sleep(500);
    }
    return false;
  }
}
