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
 * Connects EclipseLink to the server's transactions through {@code
 * java:comp/TransactionSynchronizationRegistry}, which every server provides (Jakarta EE Platform §
 * 4.1.4). EclipseLink's own platforms each support one server, and its generic platform needs a
 * transaction manager, which has no standard JNDI name.
 */
public class TransactionPlatform extends ServerPlatformBase {

  public TransactionPlatform(DatabaseSession session) {
    super(session);
  }

  @Override
  public Class<? extends ExternalTransactionController> getExternalTransactionControllerClass() {
    return Registry.class;
  }

  /** Uses the registry only: the server begins and ends transactions. Thread-safe. */
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

  /** The transaction of the calling thread, limited to the operations that a resource may use. */
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
      throw new UnsupportedOperationException("Only the server commits");
    }

    @Override
    public void rollback() {
      throw new UnsupportedOperationException("Only the server rolls back");
    }

    @Override
    public boolean enlistResource(XAResource resource) {
      throw new UnsupportedOperationException("Only the server enlists resources");
    }

    @Override
    public boolean delistResource(XAResource resource, int flag) {
      throw new UnsupportedOperationException("Only the server delists resources");
    }
  }
}
