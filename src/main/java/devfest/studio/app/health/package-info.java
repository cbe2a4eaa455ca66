/** Whether the studio and what it needs work. */
package devfest.studio.app.health;
