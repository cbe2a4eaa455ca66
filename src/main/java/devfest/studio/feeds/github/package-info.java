/**
 * The organisers' activity on GitHub, and that of users with hooks of their own, as it is
 * delivered. A delivery is verified, remembered by what posts may tell of it, and answered; the
 * work on it follows, once, whatever stops in between. Who makes something of it observes {@link
 * devfest.studio.events.Activity}.
 */
@NullMarked
package devfest.studio.feeds.github;

import org.jspecify.annotations.NullMarked;
