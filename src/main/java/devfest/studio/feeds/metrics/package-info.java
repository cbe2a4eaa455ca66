/**
 * Metrics: a live stream for the admin dashboard and the Prometheus text format for scrapers. All
 * values describe this node, unless stated otherwise.
 */
package devfest.studio.feeds.metrics;
