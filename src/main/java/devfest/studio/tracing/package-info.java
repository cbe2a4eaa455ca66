/**
 * Traces of OpenTelemetry. The server records them where it has MicroProfile Telemetry and its
 * operator turned it on; {@link devfest.studio.tracing.Tracing} adds the steps that happen outside
 * of requests. The trace of an event or a job is kept with its row, in the form of {@link
 * devfest.studio.tracing.Trace}.
 */
@NullMarked
package devfest.studio.tracing;

import org.jspecify.annotations.NullMarked;
