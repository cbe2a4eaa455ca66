package devfest.studio.feeds.posts;

import devfest.studio.base.DomainException;

/** A post can't get from its status to another. */
public final class IllegalMove extends DomainException {

  IllegalMove(Post.Status from, Post.Status to, String legal) {
    super("A post that is " + from + " can't become " + to + ", only " + legal);
  }
}
