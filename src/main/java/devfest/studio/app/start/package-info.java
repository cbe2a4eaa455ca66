/** Start and stop, settings, and the banner of dev mode. */
@NullMarked
package devfest.studio.app.start;

import org.jspecify.annotations.NullMarked;
