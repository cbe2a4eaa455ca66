/**
 * Events as plain records: their content, their visibility, their position in the log, and their
 * JSON envelope. Independent of storage and transport.
 */
@NullMarked
package devfest.studio.events;

import org.jspecify.annotations.NullMarked;
