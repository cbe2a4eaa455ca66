/** Paths of the source documents, mapped to the present ones. */
package devfest.studio.app.legacy;
