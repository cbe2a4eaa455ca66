/**
 * Photos: they are uploaded, re-encoded without metadata, stored as blobs, listed, served and
 * deleted. A photo's blobs are written before its row and deleted after it, so the blobs of a row
 * always exist. {@link devfest.studio.photos.Discards} deletes blobs that have no row.
 */
@NullMarked
package devfest.studio.photos;

import org.jspecify.annotations.NullMarked;
