/**
 * Photos: taken in, re-encoded without metadata, stored as blobs, listed, served and deleted. A
 * photo's blobs are written before its row and deleted after it, so a row always has its blobs;
 * {@link devfest.studio.photos.Discards} leaves no blob without a row.
 */
@NullMarked
package devfest.studio.photos;

import org.jspecify.annotations.NullMarked;
