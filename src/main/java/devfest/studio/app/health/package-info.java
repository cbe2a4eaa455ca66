/** The state of the studio and of the services that it depends on. */
package devfest.studio.app.health;
