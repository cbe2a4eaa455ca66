package devfest.studio.webhooks;

import devfest.studio.base.DomainException;

/** The user or the studio has reached the limit of webhooks. */
public final class TooManyWebhooks extends DomainException {

  TooManyWebhooks(String message) {
    super(message);
  }
}
