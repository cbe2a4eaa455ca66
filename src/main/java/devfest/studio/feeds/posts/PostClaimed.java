package devfest.studio.feeds.posts;

import devfest.studio.base.DomainException;

/** The post is being published and cannot be changed. */
public final class PostClaimed extends DomainException {

  PostClaimed(String message) {
    super(message);
  }
}
