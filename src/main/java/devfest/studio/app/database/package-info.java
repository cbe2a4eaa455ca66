/**
 * The database: data source, connections that survive an outage, and their integration with JPA.
 */
@NullMarked
package devfest.studio.app.database;

import org.jspecify.annotations.NullMarked;
