/** Archives of pictures for organisers and attendees, and the statistics of a day. */
@NullMarked
package devfest.studio.summary;

import org.jspecify.annotations.NullMarked;
