/** The literal paths and aliases that older clients use, mapped to the canonical paths. */
@NullMarked
package devfest.studio.app.legacy;

import org.jspecify.annotations.NullMarked;
