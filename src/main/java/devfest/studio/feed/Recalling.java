package devfest.studio.feed;

import devfest.studio.stream.Recall;

/**
 * A log feed whose own stream replays its newest items to a client that requests no position. They
 * replace {@code connected}.
 */
public interface Recalling<S extends Scope> extends LogFeed<S> {

  Recall recall();
}
