/** Whether the studio and what it needs work. */
@NullMarked
package devfest.studio.app.health;

import org.jspecify.annotations.NullMarked;
