/**
 * Feeds over WebSocket. {@link devfest.studio.socket.SocketGate} checks handshakes and takes slots;
 * {@link devfest.studio.socket.FeedSocket} is the endpoint.
 */
@NullMarked
package devfest.studio.socket;

import org.jspecify.annotations.NullMarked;
