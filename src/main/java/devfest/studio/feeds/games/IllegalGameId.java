package devfest.studio.feeds.games;

import devfest.studio.base.DomainException;

/** The id is not a valid game id. */
public final class IllegalGameId extends DomainException {

  IllegalGameId() {
    super("Game ids have 1 to 64 characters: a–z, 0–9 and '-'.");
  }
}
