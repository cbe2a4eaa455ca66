/**
 * The event at which the studio is used: its name, times and colour, how to take part, and the
 * organisers' announcements. Changes reach open pages by events.
 */
@NullMarked
package devfest.studio.conference;

import org.jspecify.annotations.NullMarked;
