package devfest.studio.feeds.posts;

import devfest.studio.base.DomainException;

/** The status of a post cannot change in this way. */
public final class IllegalMove extends DomainException {

  IllegalMove(Post.Status from, Post.Status to, String legal) {
    super("A post with the status %s cannot become %s. Allowed: %s.".formatted(from, to, legal));
  }
}
