package devfest.studio.feeds.timer;

import devfest.studio.feed.StateFeed;
import devfest.studio.socket.FeedSocket;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Sends the countdown over a WebSocket. */
@ApplicationScoped
public class TimerSocket extends FeedSocket {

  @Inject private TimerFeed feed;

  @Override
  protected StateFeed<?> feed() {
    return feed;
  }
}
