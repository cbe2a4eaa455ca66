/** Publishing over HTTP: clients' events are appended to the log, many requests in one commit. */
@NullMarked
package devfest.studio.publish;

import org.jspecify.annotations.NullMarked;
