/**
 * A shared countdown. Publishers control it, and everybody can read it over SSE, a WebSocket or
 * polling. The stored state is the time of the last start and the time elapsed before it, so no
 * task has to advance the countdown, and a restart does not affect it.
 */
@NullMarked
package devfest.studio.feeds.timer;

import org.jspecify.annotations.NullMarked;
