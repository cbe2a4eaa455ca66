/** Start and stop, settings, and what is printed for the developer. */
package devfest.studio.app.start;
