/**
 * The application around the features: what starts and stops, the database, how failures and
 * successes look on the wire, health, documents and the page. Imports anything; nobody imports it.
 */
package devfest.studio.app;
