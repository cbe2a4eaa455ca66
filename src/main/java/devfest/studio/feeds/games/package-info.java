/**
 * Live scores of games. Publishers change the scores, and everybody can read them. The end of a
 * game ends its streams; a finished game remains available until its last event is pruned from the
 * log.
 */
@NullMarked
package devfest.studio.feeds.games;

import org.jspecify.annotations.NullMarked;
