package devfest.studio.outgoing;

import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;

/** The HTTP proxies of the JVM. Safe for use from many threads. */
final class Proxies extends ProxySelector {

  @Override
  public List<Proxy> select(URI uri) {
    ProxySelector jvm = ProxySelector.getDefault();
    return jvm == null
        ? List.of()
        : jvm.select(uri).stream().filter(proxy -> proxy.type() != Proxy.Type.SOCKS).toList();
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException failure) {
    ProxySelector jvm = ProxySelector.getDefault();
    if (jvm != null) {
      jvm.connectFailed(uri, address, failure);
    }
  }
}
