/** Settings and error responses that are specific to one server, and the filter of the log. */
@NullMarked
package devfest.studio.app.server;

import org.jspecify.annotations.NullMarked;
