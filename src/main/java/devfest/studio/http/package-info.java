/**
 * What all resources share of the HTTP interface: how a failure is thrown and how a list is cut
 * into pages. The envelope around a success and the problem document are written in one place, by
 * filters and mappers of the {@code app} package.
 */
@NullMarked
package devfest.studio.http;

import org.jspecify.annotations.NullMarked;
