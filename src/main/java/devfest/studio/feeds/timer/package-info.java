/**
 * One countdown that all share: publishers drive it, everybody sees it, over SSE, a WebSocket or by
 * asking. Its state is when it was started and what of it was used before, so nothing has to tick
 * for it to go on, and a restart changes nothing.
 */
@NullMarked
package devfest.studio.feeds.timer;

import org.jspecify.annotations.NullMarked;
