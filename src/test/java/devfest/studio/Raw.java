package devfest.studio;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * The answer to a request that no HTTP client would send.
 *
 * @param status 0 when the connection was closed without an answer
 */
record Raw(int status, Map<String, String> headers, String body) {

  /** Sends these bytes and reads until the server closes the connection. */
  static Raw send(URI server, String request) throws IOException {
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(UTF_8));
      return parse(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /** Sends these bytes and aborts the connection as a crash does. */
  static void sendAndCut(URI server, String request) throws IOException, InterruptedException {
    sendAndCut(server, request, 0);
  }

  /** Resets the connection some milliseconds after the request. */
  static void sendAndCut(URI server, String request, long millis)
      throws IOException, InterruptedException {
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.getOutputStream().write(request.getBytes(UTF_8));
      Thread.sleep(millis);
      socket.setSoLinger(true, 0);
    }
  }

  private static Raw parse(String answer) {
    int end = answer.indexOf("\r\n\r\n");
    if (end < 0) { // nothing, or cut in the middle of the head
      return new Raw(0, Map.of(), "");
    }
    String[] head = answer.substring(0, end).split("\r\n");
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (int i = 1; i < head.length; i++) {
      int colon = head[i].indexOf(':');
      headers.put(head[i].substring(0, colon), head[i].substring(colon + 1).strip());
    }
    return new Raw(Integer.parseInt(head[0].split(" ")[1]), headers, answer.substring(end + 4));
  }
}
