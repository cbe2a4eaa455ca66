package devfest.studio.app.start;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarFile;

/**
 * How a start ends that fails: with one line that gives the cause, and with the process where the
 * process is the studio's alone. Payara Micro would live on and answer 404 to everything.
 */
public final class FailedStart extends RuntimeException {

  private static final Logger LOG = System.getLogger(FailedStart.class.getName());
  private static final String MICRO = "fish.payara.micro.";

  /** Any status but 0 tells a supervisor of a failure. */
  private static final int EXIT_STATUS = 1;

  /** Shutdown hooks of the server take about a second; after this the process is halted. */
  private static final int PATIENCE_SECONDS = 10;

  private FailedStart(String message) {
    super(message, null, false, false); // a stack trace would tell an operator nothing
  }

  /** Ends the process, or else returns what the caller throws so that the deployment fails. */
  public static FailedStart of(String cause) {
    String line = "The studio does not start: " + cause;
    LOG.log(Level.ERROR, line);
    if (isPayaraMicro()) {
      exit();
    }
    return new FailedStart(line);
  }

  /** The same for an exception, by the first lines of its message and of its root's. */
  public static FailedStart of(Throwable failure) {
    Throwable root = failure;
    for (int i = 0; root.getCause() != null && i < 100; i++) {
      root = root.getCause();
    }
    String cause = firstLine(failure);
    return of(root == failure ? cause : cause + ": " + firstLine(root));
  }

  private static String firstLine(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.toString() : message.strip().replaceAll("(?s)\\R.*", "");
  }

  /** Whether the JVM was started by Payara Micro's jar. */
  private static boolean isPayaraMicro() {
    try (JarFile jar = new JarFile(System.getProperty("java.class.path"))) {
      return jar.getManifest() != null
          && String.valueOf(jar.getManifest().getMainAttributes().get(Attributes.Name.MAIN_CLASS))
              .startsWith(MICRO);
    } catch (IOException e) {
      return false; // several, or none
    }
  }

  /** Waits here for the end: the server would log the failed deployment on hundreds of lines. */
  private static void exit() {
    new Thread(() -> Runtime.getRuntime().exit(EXIT_STATUS), "studio-exit").start();
    try {
      TimeUnit.SECONDS.sleep(PATIENCE_SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(EXIT_STATUS);
  }
}
