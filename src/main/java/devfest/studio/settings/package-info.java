/**
 * Declares and reads properties. The settings record of the package that uses a property declares
 * it once, with its name, default and bounds, in a static method {@code from(Values)}. {@code
 * app.start.Settings} lists the records; they are checked at the start and injectable.
 */
@NullMarked
package devfest.studio.settings;

import org.jspecify.annotations.NullMarked;
