package devfest.studio.feeds.games;

import devfest.studio.http.Cursor;
import devfest.studio.personal.Export;
import devfest.studio.personal.Holding;
import devfest.studio.personal.Rows;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The games that a user has created. */
@ApplicationScoped
class PersonalGames implements Holding {

  /** Per transaction. */
  private static final int BATCH = 100;

  private final EntityManager em;
  private final Games games;

  @Inject
  PersonalGames(EntityManager em, Games games) {
    this.em = em;
    this.games = games;
  }

  @Override
  public String name() {
    return "games";
  }

  @Override
  @Transactional
  public Map<String, Long> counts(Collection<String> users) {
    return Rows.counts(em, "Game", users);
  }

  @Override
  public void export(String user, Export export) throws IOException {
    Iterator<Game> all = Export.pages(last -> games.of(user, after(last), Export.PAGE));
    export.array("games.json", Export.map(all, Game::view));
  }

  private static Cursor after(@Nullable Game last) {
    return last == null ? Cursor.START : new Cursor(last.createdAt(), last.id());
  }

  @Override
  public boolean erase(String user) {
    return games.delete(user, BATCH) > 0;
  }
}
