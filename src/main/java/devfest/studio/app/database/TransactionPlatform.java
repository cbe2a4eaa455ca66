package devfest.studio.app.database;

import jakarta.transaction.Synchronization;
import jakarta.transaction.Transaction;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.TransactionSynchronizationRegistry;
import javax.transaction.xa.XAResource;
import org.eclipse.persistence.platform.server.ServerPlatformBase;
import org.eclipse.persistence.sessions.DatabaseSession;
import org.eclipse.persistence.sessions.ExternalTransactionController;
import org.eclipse.persistence.transaction.JTA11TransactionController;
import org.jspecify.annotations.Nullable;

/**
 * Joins EclipseLink to the server's transactions by the registry that every server has at {@code
 * java:comp/TransactionSynchronizationRegistry} (Jakarta EE Platform § 4.1.4). EclipseLink's own
 * platforms each know one server, and the one for none of them looks for a transaction manager,
 * which has no standard name.
 */
public class TransactionPlatform extends ServerPlatformBase {

  public TransactionPlatform(DatabaseSession session) {
    super(session);
  }

  @Override
  public Class<? extends ExternalTransactionController> getExternalTransactionControllerClass() {
    return Registry.class;
  }

  /** Asks the registry alone; transactions begin and end in the server. Safe for threads. */
  public static class Registry extends JTA11TransactionController {

    @Override
    protected @Nullable TransactionManager acquireTransactionManager() {
      return null;
    }

    @Override
    protected @Nullable Object getTransaction_impl() {
      return tsr.getTransactionKey() == null ? null : new Current(tsr);
    }
  }

  /** The calling thread's transaction, as far as a resource may touch it. */
  private record Current(TransactionSynchronizationRegistry registry) implements Transaction {

    @Override
    public int getStatus() {
      return registry.getTransactionStatus();
    }

    @Override
    public void setRollbackOnly() {
      registry.setRollbackOnly();
    }

    @Override
    public void registerSynchronization(Synchronization synchronization) {
      registry.registerInterposedSynchronization(synchronization);
    }

    @Override
    public void commit() {
      throw new UnsupportedOperationException("the server commits");
    }

    @Override
    public void rollback() {
      throw new UnsupportedOperationException("the server rolls back");
    }

    @Override
    public boolean enlistResource(XAResource resource) {
      throw new UnsupportedOperationException("the server enlists its pool");
    }

    @Override
    public boolean delistResource(XAResource resource, int flag) {
      throw new UnsupportedOperationException("the server delists its pool");
    }
  }
}
