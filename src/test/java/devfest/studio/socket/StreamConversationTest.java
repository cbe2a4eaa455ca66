package devfest.studio.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import jakarta.websocket.CloseReason;
import jakarta.websocket.Session;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class StreamConversationTest {

  private final AtomicReference<CloseReason> closed = new AtomicReference<>();

  private final Session session =
      (Session)
          Proxy.newProxyInstance(
              Session.class.getClassLoader(),
              new Class<?>[] {Session.class},
              (proxy, method, arguments) -> {
                assertEquals("close", method.getName());
                closed.set((CloseReason) arguments[0]);
                return null;
              });

  @Test
  void aSocketWithTooManyWaitingCommandsIsClosed() {
    StreamConversation conversation =
        new StreamConversation(
            new Link(session, null), null, null, "", null, null, null, null, null);
    for (int i = 0; i < 1_000; i++) { // all of them wait, because it is not open yet
      conversation.receive("{\"type\":\"ping\"}");
    }
    assertNull(closed.get());
    conversation.receive("{\"type\":\"ping\"}");
    assertEquals(CloseReason.CloseCodes.VIOLATED_POLICY, closed.get().getCloseCode());
  }
}
