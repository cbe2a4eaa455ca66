/**
 * GitHub webhooks of the organisers and of users. A delivery is verified, stored with the members
 * that posts can use, and acknowledged. Later it is processed exactly once, also across restarts.
 * Other packages use it by observing {@link devfest.studio.events.Activity}.
 */
@NullMarked
package devfest.studio.feeds.github;

import org.jspecify.annotations.NullMarked;
