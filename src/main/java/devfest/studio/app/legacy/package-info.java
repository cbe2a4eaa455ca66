/** Paths of the source documents, mapped to the present ones. */
@NullMarked
package devfest.studio.app.legacy;

import org.jspecify.annotations.NullMarked;
