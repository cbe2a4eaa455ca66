/** Settings and guards of one server's own, and what is kept out of the log. */
package devfest.studio.app.server;
