/** The pages, put together from their parts. */
package devfest.studio.app.page;
