/** The same feeds over WebSocket. */
package devfest.studio.socket;
