/**
 * Events over HTTP: the live stream, the history, publishing and statistics. The {@link
 * devfest.studio.stream.StreamEngine} joins the log's tailer to the hub.
 */
package devfest.studio.stream;
