/**
 * Events over HTTP: live streams, history, long polling and statistics. {@link
 * devfest.studio.stream.StreamEngine} joins the log's tailer to the hub; {@link
 * devfest.studio.stream.Streams#open} opens every stream of the studio.
 */
@NullMarked
package devfest.studio.stream;

import org.jspecify.annotations.NullMarked;
