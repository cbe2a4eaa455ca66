/**
 * Server-sent events over Servlet non-blocking output, behind the standard {@code
 * jakarta.ws.rs.sse} interfaces. It needs nothing of the studio and can be taken into any WAR: open
 * an {@link devfest.studio.sse.EventStream} inside a JAX-RS method and write to it, feed it from a
 * {@link devfest.studio.sse.FrameSource}, or register it with a {@link
 * devfest.studio.sse.Broadcaster}.
 *
 * <p>It holds what the specification says of these interfaces, down to the last sentence; {@code
 * StandardTest} has a table of it. Data is written by the application's {@link
 * jakarta.ws.rs.ext.MessageBodyWriter}s where the stream or broadcaster was given an {@link
 * devfest.studio.sse.Encoder} that knows them:
 *
 * <pre>{@code
 * @GET
 * @Produces(MediaType.SERVER_SENT_EVENTS)
 * public void follow(@Suspended AsyncResponse keep, @Context Providers providers) throws IOException {
 *   EventStream stream =
 *       EventStream.open(request, keep, writer, closer, Encoder.of(providers));
 *   stream.send(sse.newEventBuilder().mediaType(APPLICATION_JSON_TYPE).data(person).build());
 * }
 * }</pre>
 *
 * <p>What it promises beyond that, and which defects of the containers' own streams it so avoids;
 * each line is held by the test that it names.
 *
 * <ul>
 *   <li>A stage completes when the server has flushed the event, and exceptionally when it never
 *       will (Jersey's completes at once): {@code EventStreamTest.aStageCompletesWhenTheSocketHas
 *       TakenTheBytesAndNotBefore}.
 *   <li>What waits is bounded (Jersey takes without limit): {@code
 *       EventStreamTest.pendingFramesAreLimitedAndMoreAreRejected}.
 *   <li>A reader that does not read delays nobody (RESTEasy's broadcaster blocks all): {@code
 *       BroadcasterTest.aStalledClientDelaysNobody}.
 *   <li>Nobody is dropped unnoticed (Jersey's broadcaster loses events beyond 256 and then the
 *       subscriber): {@code BroadcasterTest.aClientThatMissesAnEventIsReportedAndDisconnected}.
 *   <li>{@code onClose} fires for each end and {@code onError} before it when there was a fault
 *       (Jersey calls {@code onError} alone): {@code BroadcasterTest.eachEndIsReportedOnce}.
 *   <li>All streams get all events in one order, whoever broadcasts: {@code
 *       BroadcasterTest.allClientsSeeOneOrderDespiteRacingBroadcasters}.
 *   <li>Names, ids and line breaks can't smuggle in a field, and none is lost (Jersey writes names
 *       as they are, RESTEasy folds line breaks): {@code FrameTest}.
 *   <li>The last bytes go out although the container calls back in the middle of a write (a stall
 *       of Undertow's): {@code EventStreamTest.theLastBytesGoOutWhenTheContainerCallsBackDuringA
 *       Write}.
 *   <li>A response that is slow to complete holds no other stream up (Grizzly may wait for its
 *       write timeout, for a client that has just gone): {@code
 *       EventStreamTest.aResponseThatIsSlowToCompleteDelaysNoOtherStream}.
 *   <li>A state never passes the events that led to it: {@code
 *       ConflationTest.aStateFollowsTheEventsThatCausedIt}.
 *   <li>An event is encoded once, and what waits goes out in one write: {@code
 *       EventStreamTest.pendingFramesAreWrittenTogether}.
 * </ul>
 */
package devfest.studio.sse;
