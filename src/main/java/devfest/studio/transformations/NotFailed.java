package devfest.studio.transformations;

import devfest.studio.base.DomainException;

/** Only a failed transformation can be tried again. */
public final class NotFailed extends DomainException {

  NotFailed(Status status) {
    super("Only a failed one can be tried again, it is " + status);
  }
}
