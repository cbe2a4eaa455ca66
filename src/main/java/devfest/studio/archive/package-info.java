/** Writes ZIP archives and tables (CSV) while a client reads them. */
@NullMarked
package devfest.studio.archive;

import org.jspecify.annotations.NullMarked;
