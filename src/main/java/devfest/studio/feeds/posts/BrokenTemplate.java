package devfest.studio.feeds.posts;

import devfest.studio.base.DomainException;

/** A template of drafts is missing, can't be read, or gives no text. */
public final class BrokenTemplate extends DomainException {

  BrokenTemplate(String message) {
    super(message);
  }

  BrokenTemplate(String message, Throwable cause) {
    super(message, cause);
  }
}
