/**
 * The application around the features, in packages by concern. May import anything; no feature
 * imports it.
 */
@NullMarked
package devfest.studio.app;

import org.jspecify.annotations.NullMarked;
