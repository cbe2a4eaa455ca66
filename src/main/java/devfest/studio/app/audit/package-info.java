/** The audit trail over HTTP, and the record of refused calls. */
@NullMarked
package devfest.studio.app.audit;

import org.jspecify.annotations.NullMarked;
