/** The pages, assembled from shared parts, and their scripts, styles and pictures. */
@NullMarked
package devfest.studio.app.page;

import org.jspecify.annotations.NullMarked;
