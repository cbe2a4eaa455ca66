/** The pages, put together from their parts. */
@NullMarked
package devfest.studio.app.page;

import org.jspecify.annotations.NullMarked;
