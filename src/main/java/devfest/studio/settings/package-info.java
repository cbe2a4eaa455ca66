/**
 * How properties are declared and read: each once, with its name, default and bounds, by the record
 * of settings of the package that uses it. Such a record has a static method {@code from(Values)};
 * {@code app.start.Settings} lists the records, checks them at the start and makes them injectable.
 */
package devfest.studio.settings;
