package devfest.studio.transformations;

import devfest.studio.base.DomainException;

/** A transformation that has ended cannot be cancelled. */
public final class AlreadyFinal extends DomainException {

  AlreadyFinal(Status status) {
    super(
        "The transformation is already %s; only a queued or processing one can be cancelled."
            .formatted(status));
  }
}
