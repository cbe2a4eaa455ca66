/** The database: data sources, connections that survive an outage, and how JPA uses them. */
package devfest.studio.app.database;
