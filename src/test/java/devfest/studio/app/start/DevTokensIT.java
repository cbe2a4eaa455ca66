package devfest.studio.app.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.SharedServerTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DevTokensIT extends SharedServerTest {

  private static final String WISH = "{\"user\":\"eve\",\"groups\":[\"admin\"]}";

  private Client.Reply token(String header) {
    String[] parts = header.split(": ");
    return nobody.send(
        nobody
            .request(V1 + "/dev/tokens")
            .header("Content-Type", "application/json")
            .header(parts[0], parts[1])
            .POST(HttpRequest.BodyPublishers.ofString(WISH)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Forwarded-For: 127.0.0.1",
        "x-forwarded-anything: x",
        "Forwarded: for=127.0.0.1",
        "X-Real-IP: 127.0.0.1",
        "Via: 1.1 proxy"
      })
  void aRequestThroughAProxyGetsNoToken(String header) {
    assertEquals(404, token(header).status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://app.example", "http://localhost:3001", "https://localhost:3000", "null"})
  void aPageOfAnotherOriginGetsNoToken(String origin) {
    assertEquals(404, token("Origin: " + origin).status());
  }

  @Test
  void aCallerOnTheSameMachineGetsAToken() {
    String own = base().toString().replaceFirst("/$", "");
    for (String header : List.of("X-Other: x", "Origin: http://localhost:3000", "Origin: " + own)) {
      assertEquals(200, token(header).status(), header);
    }
    assertEquals(400, nobody.post(V1 + "/dev/tokens", "{}").status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rebound.example", "127.0.0.1.nip.io", "192.168.1.20", "localhost.x"})
  void aForeignHostNameGetsNoToken(String host) throws IOException {
    assertTrue(answer(host).startsWith("HTTP/1.1 404 "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST:1234", "127.0.0.1", "[::1]"})
  void everyNameOfTheMachineItselfIsAccepted(String host) throws IOException {
    assertTrue(answer(host).startsWith("HTTP/1.1 200 "));
  }

  private String answer(String host) throws IOException {
    String request =
        "POST /api/v1/dev/tokens HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n".formatted(host)
            + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(WISH.length(), WISH);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), base().getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
