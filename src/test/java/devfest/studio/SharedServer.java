package devfest.studio;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One server for all tests of a JVM that need no settings of their own. The first of their classes
 * starts it; it stops with the JVM, as Failsafe executes each class by itself and so closes what
 * JUnit's root store holds after each class. Tests create their own users, rooms and games, and
 * expect that earlier tests have left theirs.
 */
public final class SharedServer implements BeforeAllCallback {

  public static final String HOOK_SECRET = "a secret";
  public static final String OUTLET_SECRET = "outlet key";

  private static Running running;

  /** The server, its directory, and the outlet of its posts. */
  private record Running(Server server, Path dir, Outlet outlet) {

    static Running start() {
      try {
        Path dir = Files.createTempDirectory("studio");
        Outlet outlet = new Outlet();
        Server server =
            Server.start(
                dir,
                "studio.dev-mode=true",
                "studio.guests=on",
                "studio.anonymous-access=public",
                "studio.stream.heartbeat=PT1S",
                "studio.stream.stall-timeout=PT3S",
                "studio.stream.max-connections-per-user=6",
                "studio.quota.transformations-per-day=3",
                "studio.transformations.concurrency=1",
                "studio.transformations.attempts=1",
                "studio.tasks.max-bytes=30000000",
                "studio.limits.failed-authentications=6000/PT1M", // all tests have one address
                "studio.webhooks.allow-private=true",
                "studio.github.webhook-secret=" + HOOK_SECRET,
                "studio.posts.outlet-secret=" + OUTLET_SECRET,
                "studio.posts.outlet-url=" + outlet.url());
        return new Running(server, dir, outlet);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    void close() {
      server.close();
      outlet.close();
      try (Stream<Path> files = Files.walk(dir)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    start();
  }

  private static synchronized void start() {
    if (running == null) {
      running = Running.start();
      Runtime.getRuntime().addShutdownHook(new Thread(running::close, "shared-server"));
    }
  }

  static URI base() {
    return running.server().base();
  }

  /** The server's directory; its data is below {@code data}. */
  public static Path dir() {
    return running.dir();
  }

  /** Where the server publishes its posts. */
  public static Outlet outlet() {
    return running.outlet();
  }

  /** Deliveries to the webhook of the whole studio. */
  public static Hooks hooks() {
    return new Hooks(Client.anonymous(base()), Hooks.SHARED, HOOK_SECRET);
  }
}
