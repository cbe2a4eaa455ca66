/**
 * Metrics: a live stream for the admin dashboard and the Prometheus text format for scrapers. All
 * values describe this node, unless stated otherwise.
 */
@NullMarked
package devfest.studio.feeds.metrics;

import org.jspecify.annotations.NullMarked;
