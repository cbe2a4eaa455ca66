/**
 * Posts: what is told to the world, from a draft to its publication. Drafts are written by people,
 * or made of what happens in a repository; a scheduler publishes them at their time, once, whatever
 * stops in between.
 */
@NullMarked
package devfest.studio.feeds.posts;

import org.jspecify.annotations.NullMarked;
