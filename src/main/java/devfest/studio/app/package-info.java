/**
 * The application around the features, in packages by concern. May import anything; no feature
 * imports it.
 */
package devfest.studio.app;
