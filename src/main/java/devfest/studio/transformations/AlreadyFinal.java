package devfest.studio.transformations;

import devfest.studio.base.DomainException;

/** A transformation that has ended can't be cancelled. */
public final class AlreadyFinal extends DomainException {

  AlreadyFinal(Status status) {
    super("It is already " + status);
  }
}
