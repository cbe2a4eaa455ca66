package devfest.studio.app.transfer;

import static devfest.studio.app.transfer.Space.MB;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceivedRequestTest {

  @TempDir Path dir;
  private Space space;
  private Content content;

  @BeforeEach
  void open() {
    space = new Space(dir, 4 * MB, 16 * MB);
    content = space.content();
  }

  @AfterEach
  void close() throws IOException {
    content.close();
    space.assertFree();
  }

  private ReceivedRequest request(String charset, byte[] bytes) throws IOException {
    content.write(bytes, 0, bytes.length);
    HttpServletRequest request =
        (HttpServletRequest)
            Proxy.newProxyInstance(
                ReceivedRequestTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (self, method, arguments) -> {
                  if (method.getName().equals("getCharacterEncoding")) {
                    return charset;
                  }
                  throw new UnsupportedOperationException(method.getName());
                });
    return new ReceivedRequest(request, content);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5_000, 2 * MB})
  void theBodyIsThatOfTheContent(int size) throws IOException {
    byte[] bytes = Space.bytes(size);
    try (ServletInputStream in = request(null, bytes).getInputStream()) {
      assertEquals(size, in.available());
      assertEquals(size == 0, in.isFinished());
      assertArrayEquals(bytes, in.readAllBytes());
      assertTrue(in.isFinished());
      assertEquals(0, in.available());
      assertEquals(-1, in.read());
    }
  }

  @Test
  void theStreamIsReadyAndCountsWhatIsLeft() throws IOException {
    ReceivedRequest request = request(null, new byte[] {1, (byte) 0xFF, 3, 4});
    ServletInputStream in = request.getInputStream();
    assertEquals(1, in.read());
    assertEquals(0xFF, in.read());
    assertEquals(2, in.available());
    assertEquals(1, in.read(new byte[1], 0, 1));
    assertFalse(in.isFinished());
    assertTrue(in.isReady());
    assertSame(in, request.getInputStream());
    assertEquals(4, in.read());
    assertTrue(in.isFinished());
  }

  @Test
  void nothingHasToBeAwaited() throws IOException {
    ServletInputStream in = request(null, new byte[0]).getInputStream();
    assertThrows(IllegalStateException.class, () -> in.setReadListener(null));
  }

  @Test
  void theReaderUsesTheCharsetOfTheRequest() throws IOException {
    ReceivedRequest request = request("UTF-8", "Zoë".getBytes(StandardCharsets.UTF_8));
    assertSame(request.getReader(), request.getReader());
    assertEquals("Zoë", request.getReader().readLine());
  }

  @Test
  void withoutACharsetTheReaderUsesTheDefaultOfServlets() throws IOException {
    byte[] bytes = "Zoë".getBytes(StandardCharsets.ISO_8859_1);
    assertEquals("Zoë", request(null, bytes).getReader().readLine());
  }
}
