/** Settings and guards of one server's own, and what is kept out of the log. */
@NullMarked
package devfest.studio.app.server;

import org.jspecify.annotations.NullMarked;
