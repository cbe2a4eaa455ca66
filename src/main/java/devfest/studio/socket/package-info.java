/** The same feeds over WebSocket. */
@NullMarked
package devfest.studio.socket;

import org.jspecify.annotations.NullMarked;
