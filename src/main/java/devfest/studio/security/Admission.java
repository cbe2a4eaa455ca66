package devfest.studio.security;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.ContextNotActiveException;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import jakarta.ws.rs.NotAuthorizedException;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * Decides, in the transaction that stores something for the user of the present request, whether
 * the request may still do so. The transaction locks the user's row until its commit. An erasure of
 * the user revokes the tokens and locks the same row before it erases anything, so either it finds
 * what the transaction has stored, or the transaction is refused. Safe for use from many threads
 * and nodes.
 *
 * <p>Background work is always admitted. It depends on rows that the erasure locks and deletes.
 */
@ApplicationScoped
@Transactional(TxType.MANDATORY)
public class Admission {

  private final People people;
  private final Revocations revocations;
  private final Callers callers;

  @Inject
  Admission(People people, Revocations revocations, Callers callers) {
    this.people = people;
    this.revocations = revocations;
    this.callers = callers;
  }

  /**
   * Admits the caller of the present request. Must be called before other rows are locked.
   *
   * @throws NotAuthorizedException if the token was revoked meanwhile
   */
  public void admit() {
    caller().ifPresent(this::admit);
  }

  /**
   * Like {@link #admit()}, for the callers of requests that share the transaction.
   *
   * @throws NotAuthorizedException if the token of one of them was revoked meanwhile
   */
  public void admit(Collection<Caller> callers) {
    callers.stream()
        .sorted(Comparator.comparing(Caller::user)) // against deadlocks of two groups
        .forEach(people::lock);
    callers.forEach(this::check);
  }

  void admit(Caller caller) {
    people.lock(caller);
    check(caller);
  }

  /**
   * Like {@link #admit()}, for something that is stored for another user, too.
   *
   * @return false if the studio does not know the other user
   */
  public boolean admitFor(String other) {
    Optional<Caller> present = caller();
    if (present.isEmpty()) {
      return people.lock(other);
    }
    Caller caller = present.get();
    boolean first = caller.user().compareTo(other) <= 0; // against deadlocks of two mentions
    if (first) {
      people.lock(caller);
    }
    boolean known = people.lock(other);
    if (!first) {
      people.lock(caller);
    }
    check(caller);
    return known;
  }

  private void check(Caller caller) {
    if (revocations.covers(caller)) {
      throw Tokens.invalid();
    }
  }

  private Optional<Caller> caller() {
    try {
      return callers.current();
    } catch (ContextNotActiveException e) {
      return Optional.empty(); // background work
    }
  }
}
