/**
 * WebSockets. {@link devfest.studio.socket.SocketGate} checks handshakes, and {@link
 * devfest.studio.socket.StudioSocket} is what all endpoints share. {@link
 * devfest.studio.socket.StreamSocket} is the stream of several channels, {@link
 * devfest.studio.socket.FeedSocket} the state of one feed.
 */
@NullMarked
package devfest.studio.socket;

import org.jspecify.annotations.NullMarked;
