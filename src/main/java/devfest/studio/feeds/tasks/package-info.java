/**
 * Tasks with progress: each unpacks an archive of photos and stores them in the same way as
 * uploads. A task is a durable job, so another node continues it after a crash. A photo commits
 * together with the progress of its task, so no photo is stored twice.
 */
@NullMarked
package devfest.studio.feeds.tasks;

import org.jspecify.annotations.NullMarked;
