/**
 * The database: data source, connections that survive an outage, and their integration with JPA.
 */
package devfest.studio.app.database;
