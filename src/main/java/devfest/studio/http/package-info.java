/**
 * What resources share: failures, pages of lists, validation of fields, rate limits, links and
 * addresses of clients. Filters and mappers in {@code app.http} write the success envelope and the
 * problem documents.
 */
@NullMarked
package devfest.studio.http;

import org.jspecify.annotations.NullMarked;
