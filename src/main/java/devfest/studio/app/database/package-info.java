/** The database: data sources, connections that survive an outage, and how JPA uses them. */
@NullMarked
package devfest.studio.app.database;

import org.jspecify.annotations.NullMarked;
