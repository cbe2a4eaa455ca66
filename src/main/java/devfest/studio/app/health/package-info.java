/** The state of the studio and of the services that it depends on. */
@NullMarked
package devfest.studio.app.health;

import org.jspecify.annotations.NullMarked;
