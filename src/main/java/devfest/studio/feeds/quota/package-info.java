/**
 * What is left of the caller's day, live. Counting itself is the matter of the transformations,
 * which are what is counted; here is how it is told.
 */
@NullMarked
package devfest.studio.feeds.quota;

import org.jspecify.annotations.NullMarked;
