/**
 * How the studio is doing: live for an admin's dashboard, and as Prometheus text for a scraper.
 * Everything is this node's own.
 */
@NullMarked
package devfest.studio.feeds.metrics;

import org.jspecify.annotations.NullMarked;
