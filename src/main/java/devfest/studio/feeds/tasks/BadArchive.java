package devfest.studio.feeds.tasks;

import devfest.studio.base.DomainException;

/** The archive is damaged, exceeds a limit or contains no photos. */
public final class BadArchive extends DomainException {

  BadArchive(String message) {
    super(message);
  }

  BadArchive(String message, Throwable cause) {
    super(message, cause);
  }
}
