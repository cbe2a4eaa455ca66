/**
 * Live streams of the caller's daily quota. The package {@code transformations} counts; this
 * package publishes the result.
 */
package devfest.studio.feeds.quota;
