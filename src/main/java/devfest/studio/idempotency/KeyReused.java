package devfest.studio.idempotency;

import devfest.studio.base.DomainException;

/** The idempotency key came before, with another request. */
public final class KeyReused extends DomainException {

  public KeyReused() {
    super("This idempotency key was used for another request");
  }
}
