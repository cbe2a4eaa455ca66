package devfest.studio.feeds.games;

import devfest.studio.base.DomainException;

/** The game is finished, so its score cannot change. */
public final class GameOver extends DomainException {

  GameOver() {
    super("The game is finished; its score can no longer change.");
  }
}
