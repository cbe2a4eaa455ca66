package devfest.studio.http;

/** Trusts the proxies of a list. */
public final class TestProxies extends Proxies {

  public TestProxies(String trusted) {
    super(new ProxySettings(networks(trusted)));
  }
}
