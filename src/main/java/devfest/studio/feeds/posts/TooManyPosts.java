package devfest.studio.feeds.posts;

import devfest.studio.base.DomainException;

/** The user has reached the limit of posts that are not published. */
public final class TooManyPosts extends DomainException {

  TooManyPosts(int max) {
    super(
        "A user can have at most %,d posts that are not published. Publish or delete one first."
            .formatted(max));
  }
}
