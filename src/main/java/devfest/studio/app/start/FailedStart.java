package devfest.studio.app.start;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarFile;

/**
 * Ends a start that failed: logs one line with the cause and, on Payara Micro, exits the process,
 * which would otherwise keep running and return 404 to all requests.
 */
public final class FailedStart extends RuntimeException {

  private static final Logger LOG = System.getLogger(FailedStart.class.getName());
  private static final String MICRO = "fish.payara.micro.";

  /** Supervisors treat any status other than 0 as a failure. */
  private static final int EXIT_STATUS = 1;

  /** The server's shutdown hooks take about one second; after this time the process is halted. */
  private static final int EXIT_SECONDS = 10;

  private FailedStart(String message) {
    super(message, null, false, false); // no stack trace: it would not help an operator
  }

  /**
   * Exits the process on Payara Micro; otherwise returns the exception that the caller must throw.
   */
  public static FailedStart of(String cause) {
    String line = "The studio does not start: " + cause;
    LOG.log(Level.ERROR, line);
    if (isPayaraMicro()) {
      exit();
    }
    return new FailedStart(line);
  }

  /** Uses the first line of the message of the failure and of its root cause. */
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
      return false; // the class path is not a single jar
    }
  }

  /**
   * Blocks until the exit; otherwise the server would log the failed deployment in hundreds of
   * lines.
   */
  private static void exit() {
    new Thread(() -> Runtime.getRuntime().exit(EXIT_STATUS), "studio-exit").start();
    try {
      TimeUnit.SECONDS.sleep(EXIT_SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(EXIT_STATUS);
  }
}
