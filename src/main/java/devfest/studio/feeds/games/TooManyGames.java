package devfest.studio.feeds.games;

import devfest.studio.base.DomainException;

/** The user has reached the limit of games that are not finished. */
public final class TooManyGames extends DomainException {

  TooManyGames(int max) {
    super(
        "A user can have at most %d games that are not finished. Finish one first.".formatted(max));
  }
}
