/** Start and stop, settings, and the banner of dev mode. */
package devfest.studio.app.start;
