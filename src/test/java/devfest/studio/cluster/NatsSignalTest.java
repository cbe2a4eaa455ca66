package devfest.studio.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class NatsSignalTest {

  @Test
  void credentialsInTheUrlsOfServersAreNotLogged() {
    IOException failure =
        new IOException(
            "Unable to connect: [nats://ann:pass@a:4222, tls://token@b:4222, nats://c]");
    assertEquals(
        "Unable to connect: [nats://(secret)@a:4222, tls://(secret)@b:4222, nats://c]",
        NatsSignal.withoutCredentials(failure));
  }
}
