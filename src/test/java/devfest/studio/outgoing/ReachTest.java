package devfest.studio.outgoing;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReachTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.8.9.1",
        "2130706433",
        "0.0.0.0",
        "10.1.2.3",
        "172.31.255.255",
        "192.168.0.1",
        "100.100.100.200",
        "169.254.169.254",
        "168.63.129.16",
        "192.0.0.192",
        "198.19.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "fe80::1",
        "fc00::1",
        "fd00:ec2::254",
        "fec0::1",
        "2001:db8::1",
        "2001::1",
        "2002:7f00:1::1",
        "ff02::1"
      })
  void aUrlOfAUserDoesNotReachThisMachineOrItsNetwork(String address) throws Exception {
    assertFalse(Reach.PUBLIC.allows(InetAddress.getAllByName(address)[0]));
    assertTrue(Reach.ANYWHERE.allows(InetAddress.getAllByName(address)[0]));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "172.32.0.1",
        "100.128.0.1",
        "193.0.0.1",
        "2606:4700:4700::1111",
        "2001:4860:4860::8888",
        "64:ff9b::101:101"
      })
  void aUrlOfAUserReachesThePublicInternet(String address) throws Exception {
    assertTrue(Reach.PUBLIC.allows(InetAddress.getAllByName(address)[0]));
  }
}
