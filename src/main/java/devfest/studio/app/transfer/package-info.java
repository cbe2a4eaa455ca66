/**
 * Receives the bodies of requests without holding a thread. The memory, the disk space and the
 * number of the bodies in arrival are bounded, and so is the time that a client may take.
 */
@NullMarked
package devfest.studio.app.transfer;

import org.jspecify.annotations.NullMarked;
