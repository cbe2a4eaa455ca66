/** Settings and error replies that are specific to one server, and the filter of the log. */
package devfest.studio.app.server;
