/** Users: the list of those of whom the studio holds anything, their export and their erasure. */
@NullMarked
package devfest.studio.users;

import org.jspecify.annotations.NullMarked;
