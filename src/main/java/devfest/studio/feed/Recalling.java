package devfest.studio.feed;

import devfest.studio.stream.Recall;

/**
 * A log feed whose own stream begins with its newest items when a client does not say where to
 * begin, in place of {@code connected}.
 */
public interface Recalling<S extends Scope> extends LogFeed<S> {

  Recall recall();
}
