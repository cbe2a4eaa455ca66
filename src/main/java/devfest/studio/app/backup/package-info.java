/**
 * Copies the embedded database while it is in use. Nothing but the studio can do that, because it
 * holds the lock on the file.
 */
@NullMarked
package devfest.studio.app.backup;

import org.jspecify.annotations.NullMarked;
