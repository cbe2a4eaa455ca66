package devfest.studio.idempotency;

import devfest.studio.base.DomainException;

/** The idempotency key was already used for a different request. */
public final class KeyReused extends DomainException {

  public KeyReused() {
    super("This idempotency key was already used for a different request.");
  }
}
