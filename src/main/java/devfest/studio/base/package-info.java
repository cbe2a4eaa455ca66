/**
 * Plain Java that every package may import: domain exceptions, and the common format of texts,
 * instants and digests. Imports no other package of the studio.
 */
@NullMarked
package devfest.studio.base;

import org.jspecify.annotations.NullMarked;
