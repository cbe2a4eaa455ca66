package devfest.studio.transformations;

import devfest.studio.base.DomainException;

/** Only a failed transformation can be retried. */
public final class NotFailed extends DomainException {

  NotFailed(Status status) {
    super("Only a failed transformation can be retried; this one is %s.".formatted(status));
  }
}
