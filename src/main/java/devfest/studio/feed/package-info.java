/**
 * Feeds: views of one concern, each a snapshot followed by changes, over a stream of their own or
 * several over one connection.
 */
package devfest.studio.feed;
