/**
 * What happens in the studio, as plain records: an event, who may see it, where it stands in the
 * log, and the envelope in which clients get it. Knows nothing of storage or transport.
 */
@NullMarked
package devfest.studio.events;

import org.jspecify.annotations.NullMarked;
