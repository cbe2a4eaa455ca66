package devfest.studio.cluster;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Records what a signal receives. */
final class Heard implements Signal.Listener {

  final List<String> lines = Collections.synchronizedList(new ArrayList<>());
  final AtomicInteger connections = new AtomicInteger();

  @Override
  public void heard(String line) {
    lines.add(line);
  }

  @Override
  public void connected() {
    connections.incrementAndGet();
  }
}
