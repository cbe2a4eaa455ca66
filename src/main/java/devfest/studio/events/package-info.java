/**
 * What happens in the studio, as plain records: an event, who may see it, where it stands in the
 * log, and the envelope in which clients get it. Knows nothing of storage or transport.
 */
package devfest.studio.events;
