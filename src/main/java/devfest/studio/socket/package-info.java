/**
 * Feeds over WebSocket. {@link devfest.studio.socket.SocketGate} checks handshakes and takes slots;
 * {@link devfest.studio.socket.FeedSocket} is the endpoint.
 */
package devfest.studio.socket;
