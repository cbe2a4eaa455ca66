/**
 * The application around the features, with one package per concern. May depend on every package;
 * no feature depends on it.
 */
package devfest.studio.app;
