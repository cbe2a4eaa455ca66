/**
 * Feeds: parts of the studio that clients follow, each over a stream of its own, several over one
 * connection, or over WebSocket.
 *
 * <p>To add a feed, for example of polls:
 *
 * <ol>
 *   <li>Make a package {@code feeds.polls}, with an entity and a bean that changes it. The bean
 *       appends an event to the log in the transaction of each change, on the channel {@code
 *       polls/id}. Give {@code ArchitectureTest} a row for the package.
 *   <li>Write the feed, which is all that streams need to know of polls:
 *       <pre>{@code
 * @ApplicationScoped
 * class PollFeed implements StateFeed<Scope.Thing>, PerId<Scope.Thing> {
 *
 *   private final Polls polls;
 *
 *   @Inject
 *   PollFeed(Polls polls) {
 *     this.polls = polls;
 *   }
 *
 *   public String channel() {
 *     return "polls";
 *   }
 *
 *   public Optional<Scope.Thing> scope(Caller caller, String id) {
 *     return polls.find(id).map(poll -> new Scope.Thing(poll.id()));
 *   }
 *
 *   public List<Message> state(Scope.Thing poll) {
 *     return List.of(new Message("votes", polls.votes(poll.id())));
 *   }
 *
 *   public Optional<Predicate<Scope>> changes(Event event) {
 *     return Scope.Thing.on("polls", event);
 *   }
 * }
 * }</pre>
 *       It is now on {@code /stream?channels=polls/7}, and its channels are closed to publishers.
 *   <li>Give it a stream of its own with a method of a resource, which answers GET and HEAD:
 *       <pre>{@code
 * @GET
 * @Path("/{id}/stream")
 * @PermitAll
 * @Produces(MediaType.SERVER_SENT_EVENTS)
 * public void stream(
 *     @PathParam("id") String id,
 *     @BeanParam StreamRequest request,
 *     @Suspended AsyncResponse response) {
 *   feeds.open(feed, id, request, response);
 * }
 * }</pre>
 *   <li>Describe its frames in the AsyncAPI document; {@code DocumentsTest} compares both
 *       documents.
 * </ol>
 *
 * <p>When its state can become final, it implements {@link devfest.studio.feed.Ending} too; {@link
 * devfest.studio.feed.Feed} lists the other abilities.
 */
@NullMarked
package devfest.studio.feed;

import org.jspecify.annotations.NullMarked;
