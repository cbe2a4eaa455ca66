/**
 * Blob storage for images and archives. Callers use keys, streams and byte ranges, never file
 * paths, so a blob store can be a disk or a remote service.
 */
@NullMarked
package devfest.studio.blobs;

import org.jspecify.annotations.NullMarked;
