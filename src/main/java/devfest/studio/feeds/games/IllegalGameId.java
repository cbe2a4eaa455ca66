package devfest.studio.feeds.games;

import devfest.studio.base.DomainException;

/** No game can have this id. */
public final class IllegalGameId extends DomainException {

  IllegalGameId() {
    super("A game's id has 1 to 64 characters: a-z, 0-9 and '-'.");
  }
}
