package devfest.studio.feeds.posts;

import devfest.studio.base.DomainException;

/** A template for drafts is missing, cannot be read or produces no text. */
public final class BrokenTemplate extends DomainException {

  BrokenTemplate(String message) {
    super(message);
  }

  BrokenTemplate(String message, Throwable cause) {
    super(message, cause);
  }
}
