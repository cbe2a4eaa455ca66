/**
 * Posts, from draft to publication. Users write drafts, or they are created from GitHub activity.
 * Scheduled posts are published at their time by a durable job, which continues after a restart.
 */
@NullMarked
package devfest.studio.feeds.posts;

import org.jspecify.annotations.NullMarked;
