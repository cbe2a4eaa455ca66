/** Chooses the blob store by the settings, and checks that all nodes use the same one. */
@NullMarked
package devfest.studio.app.storage;

import org.jspecify.annotations.NullMarked;
