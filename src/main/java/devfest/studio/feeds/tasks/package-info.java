/**
 * Long pieces of work with progress: an archive of photos, each of which goes through the same door
 * as an upload. A task is a row with a lease, so one whose node has died is taken up again; a photo
 * commits with the step that it means for its task, so none is taken in twice.
 */
@NullMarked
package devfest.studio.feeds.tasks;

import org.jspecify.annotations.NullMarked;
