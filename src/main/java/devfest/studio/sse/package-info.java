/**
 * Server-sent events over Servlet non-blocking output, behind the standard {@code
 * jakarta.ws.rs.sse} interfaces. The package is independent of the studio and can be used in any
 * WAR: open an {@link devfest.studio.sse.EventStream} inside a JAX-RS method and send events to it,
 * set a {@link devfest.studio.sse.FrameSource}, or register it with a {@link
 * devfest.studio.sse.Broadcaster}.
 *
 * <p>It implements everything that the specification requires of these interfaces; {@code
 * StandardTest} lists the requirements. The application's {@link
 * jakarta.ws.rs.ext.MessageBodyWriter}s encode the data if the stream or broadcaster has an {@link
 * devfest.studio.sse.Encoder} with the application's {@code Providers}:
 *
 * <pre>{@code
 * @GET
 * @Produces(MediaType.SERVER_SENT_EVENTS)
 * public void stream(@Suspended AsyncResponse suspended, @Context Providers providers) throws IOException {
 *   EventStream stream =
 *       EventStream.open(request, suspended, writer, closer, Encoder.of(providers));
 *   stream.send(sse.newEventBuilder().mediaType(APPLICATION_JSON_TYPE).data(person).build());
 * }
 * }</pre>
 *
 * <p>It guarantees more than the specification, which avoids defects of the containers' own
 * streams. Each guarantee names its test.
 *
 * <ul>
 *   <li>A stage completes when the server has flushed the event, and fails if it never will
 *       (Jersey's stages complete immediately): {@code EventStreamTest}.
 *   <li>Pending bytes are bounded (Jersey buffers without limit): {@code EventStreamTest}.
 *   <li>A client that does not read delays no other client (RESTEasy's broadcaster blocks all of
 *       them): {@code BroadcasterTest}.
 *   <li>No client misses an event unnoticed (Jersey's broadcaster drops events beyond 256, and then
 *       the subscriber): {@code BroadcasterTest}.
 *   <li>{@code onClose} fires for every end, after {@code onError} if there was a failure (Jersey
 *       calls only {@code onError}): {@code BroadcasterTest}.
 *   <li>All streams get all events in the same order, even if several threads broadcast: {@code
 *       BroadcasterTest}.
 *   <li>Names, ids and line breaks cannot inject a field, and no line break is lost (Jersey writes
 *       names unchecked, RESTEasy merges line breaks): {@code FrameTest}.
 *   <li>The last bytes are sent even if the container calls back during a write (a stall in
 *       Undertow): {@code EventStreamTest}.
 *   <li>A response that is slow to complete delays no other stream (Grizzly may wait for its write
 *       timeout if the client has just disconnected): {@code EventStreamTest}.
 *   <li>A state is never sent before the events that led to it: {@code ConflationTest}.
 *   <li>An event is encoded once, and all available frames go out in one write: {@code
 *       EventStreamTest}.
 * </ul>
 */
@NullMarked
package devfest.studio.sse;

import org.jspecify.annotations.NullMarked;
