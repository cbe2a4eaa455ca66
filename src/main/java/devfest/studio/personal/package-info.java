/** What the parts of the studio hold of a user: counted, exported and erased the same way. */
@NullMarked
package devfest.studio.personal;

import org.jspecify.annotations.NullMarked;
