package devfest.studio.cluster;

import java.util.concurrent.ThreadFactory;

/** The signal of a studio with a single node: sends nothing. */
final class NoSignal implements Signal {

  @Override
  public void start(ThreadFactory threads, Listener listener) {
    listener.connected();
  }

  @Override
  public void send(String key, String line) {
    // there is no other node
  }

  @Override
  public boolean isConnected() {
    return true;
  }

  @Override
  public long dropped() {
    return 0;
  }

  @Override
  public void stop() {
    // nothing was started
  }
}
