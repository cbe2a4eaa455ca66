/**
 * Server-sent events over Servlet non-blocking output, behind the standard {@code
 * jakarta.ws.rs.sse.SseEventSink}. Knows nothing of the studio: bytes that cannot be taken yet wait
 * in bounded memory, or stay with a {@link devfest.studio.sse.FrameSource} that is asked only when
 * the socket can take more. The framing is in one place, {@link devfest.studio.sse.Frame}.
 */
package devfest.studio.sse;
