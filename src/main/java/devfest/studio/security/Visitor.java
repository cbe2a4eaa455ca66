package devfest.studio.security;

import java.security.Principal;

/**
 * Who opens a WebSocket, as its handshake found out.
 *
 * @param address of the client
 */
public record Visitor(Caller caller, String address) implements Principal {

  @Override
  public String getName() {
    return caller.anonymous() ? "anonymous" : caller.userId();
  }
}
