package devfest.studio.feeds.timer;

import devfest.studio.feed.Feeds;
import devfest.studio.feed.StateFeed;
import devfest.studio.socket.FeedSocket;
import devfest.studio.stream.StreamEngine;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** The countdown over a WebSocket. */
@ApplicationScoped
public class TimerSocket extends FeedSocket {

  private final TimerFeed feed;

  @Inject
  TimerSocket(TimerFeed feed, Feeds feeds, StreamEngine engine) {
    super(feeds, engine);
    this.feed = feed;
  }

  @Override
  protected StateFeed<?> feed() {
    return feed;
  }
}
