package devfest.studio.feeds.tasks;

import devfest.studio.base.DomainException;

/** An archive is damaged, holds too much, or holds no photos. */
public final class BadArchive extends DomainException {

  BadArchive(String message) {
    super(message);
  }

  BadArchive(String message, Throwable cause) {
    super(message, cause);
  }
}
