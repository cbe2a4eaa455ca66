package devfest.studio.app.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;

class OneLineTest {

  private static LogRecord line(String logger, String message, Object... parameters) {
    LogRecord line = new LogRecord(Level.INFO, message);
    line.setLoggerName(logger);
    line.setParameters(parameters);
    return line;
  }

  private static String text(LogRecord line) {
    OneLine.escape(line);
    return new SimpleFormatter().formatMessage(line);
  }

  @Test
  void messagesAndParametersStayOnOneLine() {
    String ours = "devfest.studio.photos.Album";
    assertEquals("a\\nb\\u202ec", text(line(ours, "a\nb\u202ec")));
    assertEquals("x\\r\\n2026 SEVERE of 3", text(line(ours, "{0} of {1}", "x\r\n2026 SEVERE", 3)));
    LogRecord twice = line(ours, "a\nb");
    OneLine.escape(twice);
    assertEquals("a\\nb", text(twice));
  }

  @Test
  void linesOfTheServerAndTheLinkOfDevModeAreUnchanged() {
    assertEquals("a\nb", text(line("org.example", "a\nb")));
    assertEquals("a\nb", text(line("devfest.studio.app.start.Banner", "a\nb")));
  }

  @Test
  void anExceptionPrintsItsMessagesEscapedWithItsOwnFrames() {
    Exception cause = new IllegalStateException("in\nside");
    cause.addSuppressed(new Exception("also\tthere"));
    LogRecord line = line("devfest.studio.x.Y", "failed");
    line.setThrown(new Exception("fine", cause));
    OneLine.escape(line);
    String text = new SimpleFormatter().format(line);
    assertTrue(text.contains("java.lang.Exception: fine"), text);
    assertTrue(text.contains("Caused by: java.lang.IllegalStateException: in\\nside"), text);
    assertTrue(text.contains("Suppressed: java.lang.Exception: also\\tthere"), text);
    assertTrue(text.contains("anExceptionPrintsItsMessages"), text);
    assertFalse(text.contains("in\nside"));
  }

  @Test
  void anExceptionWithoutSuchCharactersIsTheSame() {
    LogRecord line = line("devfest.studio.x.Y", "failed");
    Exception failure = new Exception("plain", new Exception());
    line.setThrown(failure);
    OneLine.escape(line);
    assertSame(failure, line.getThrown());
  }
}
