/** The OpenAPI and AsyncAPI documents and the pages that show them. */
@NullMarked
package devfest.studio.app.docs;

import org.jspecify.annotations.NullMarked;
