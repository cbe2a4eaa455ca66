/** Start and stop, settings, and what is printed for the developer. */
@NullMarked
package devfest.studio.app.start;

import org.jspecify.annotations.NullMarked;
