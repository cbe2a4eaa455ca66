package devfest.studio.log;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceException;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.BooleanSupplier;

/**
 * The turn to prune, which one node has at a time: nodes that delete the same rows would wait for
 * each other. Safe for use from many threads and nodes.
 */
@ApplicationScoped
@Transactional
public class Turn {

  private static final String LOCK = "select id from pruning for update skip locked";

  private final EntityManager em;

  @Inject
  Turn(EntityManager em) {
    this.em = em;
  }

  /**
   * Does the work in one transaction, unless another node has the turn. Never waits for it.
   *
   * @return the result of the work; false if another node has the turn
   */
  public boolean take(BooleanSupplier work) {
    return isFree() && work.getAsBoolean();
  }

  private boolean isFree() {
    try (PreparedStatement lock = em.unwrap(Connection.class).prepareStatement(LOCK);
        ResultSet row = lock.executeQuery()) {
      return row.next();
    } catch (SQLException e) {
      throw new PersistenceException("The turn to prune could not be taken.", e);
    }
  }
}
