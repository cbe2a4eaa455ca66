package devfest.studio.feeds.games;

import devfest.studio.base.DomainException;

/** The score of a finished game does not change. */
public final class GameOver extends DomainException {

  GameOver() {
    super("The game is finished");
  }
}
