package devfest.studio.feeds.posts;

import devfest.studio.base.DomainException;

/** The post is published and cannot be changed. */
public final class PostPublished extends DomainException {

  PostPublished() {
    super("The post is published and can no longer be changed.");
  }
}
