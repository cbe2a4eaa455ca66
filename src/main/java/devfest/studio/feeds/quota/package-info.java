/**
 * Live streams of the caller's daily quota. The package {@code transformations} counts; this
 * package publishes the result.
 */
@NullMarked
package devfest.studio.feeds.quota;

import org.jspecify.annotations.NullMarked;
