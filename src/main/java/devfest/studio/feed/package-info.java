/**
 * Feeds: parts of the studio that clients can follow over a stream of the feed, over a stream of
 * several channels, or over a WebSocket.
 *
 * <p>To add a feed, for example of polls:
 *
 * <ol>
 *   <li>Create a package {@code feeds.polls} with an entity and a bean that changes it. The bean
 *       appends an event to the log in the transaction of each change, on the channel {@code
 *       polls/id}. Give {@code ArchitectureTest} a row for the package.
 *   <li>Write the feed, which is the only connection between streams and polls:
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
 *       It is now available as {@code /stream?channels=polls/7}, and clients cannot publish on its
 *       channels. To reserve the types of its events on all channels, the bean that appends them
 *       also has a {@code @Produces static final ReservedTypes}.
 *   <li>Give it a stream of its own with a method of a resource, which handles GET and HEAD:
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
 *   <li>Describe its frames in the AsyncAPI document; {@code DocumentsTest} checks the documents.
 * </ol>
 *
 * <p>A feed whose state can become final implements {@link devfest.studio.feed.Ending}; {@link
 * devfest.studio.feed.Feed} lists the other abilities.
 */
@NullMarked
package devfest.studio.feed;

import org.jspecify.annotations.NullMarked;
