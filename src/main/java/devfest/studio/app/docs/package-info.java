/** The OpenAPI and AsyncAPI documents and the pages that show them. */
package devfest.studio.app.docs;
