/** The pages, assembled from shared parts. */
package devfest.studio.app.page;
