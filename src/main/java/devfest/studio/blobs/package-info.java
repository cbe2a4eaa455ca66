/**
 * Files by key: pictures and archives. The rest of the studio knows keys, streams and ranges, and
 * no paths, so that the store may be a disk or a service.
 */
@NullMarked
package devfest.studio.blobs;

import org.jspecify.annotations.NullMarked;
