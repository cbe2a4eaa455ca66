/** Publishing: what publishers send becomes events of the log, in one commit for many requests. */
@NullMarked
package devfest.studio.publish;

import org.jspecify.annotations.NullMarked;
