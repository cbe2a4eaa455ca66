/**
 * The application around the features, with one package per concern. May depend on every package;
 * no feature depends on it.
 */
@NullMarked
package devfest.studio.app;

import org.jspecify.annotations.NullMarked;
