package devfest.studio.feeds.posts;

import devfest.studio.base.DomainException;

/** A published post can't be changed. */
public final class PostPublished extends DomainException {

  PostPublished() {
    super("It is published already, and can't be changed");
  }
}
