/** The pages, assembled from shared parts. */
@NullMarked
package devfest.studio.app.page;

import org.jspecify.annotations.NullMarked;
