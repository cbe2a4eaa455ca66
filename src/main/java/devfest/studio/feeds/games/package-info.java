/**
 * Scores of games, live. Publishers drive them and everybody sees them. A game that is finished
 * ends its streams, and stays to be looked up until the log forgets its end.
 */
@NullMarked
package devfest.studio.feeds.games;

import org.jspecify.annotations.NullMarked;
