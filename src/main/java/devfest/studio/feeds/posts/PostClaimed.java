package devfest.studio.feeds.posts;

import devfest.studio.base.DomainException;

/** A post can't be changed while it is being published. */
public final class PostClaimed extends DomainException {

  PostClaimed(String message) {
    super(message);
  }
}
