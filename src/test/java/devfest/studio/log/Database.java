package devfest.studio.log;

import devfest.studio.app.Schema;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Persistence;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** A real database with the real schema and persistence unit, without a server around it. */
final class Database implements AutoCloseable {

  private final EntityManagerFactory factory;
  private final Closeable server;

  private Database(DataSource source, Closeable server) {
    this.server = server;
    Schema.migrate(source);
    factory =
        Persistence.createEntityManagerFactory(
            "studio",
            Map.of(
                "jakarta.persistence.transactionType",
                "RESOURCE_LOCAL",
                "jakarta.persistence.nonJtaDataSource",
                source,
                "eclipselink.logging.level",
                "SEVERE"));
  }

  /** An H2 file as the studio uses it. */
  static Database h2(Path dir) {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL("jdbc:h2:file:" + dir.resolve("studio") + ";WRITE_DELAY=0;LOCK_TIMEOUT=20000");
    return new Database(source, () -> {});
  }

  static Database postgres() {
    try {
      EmbeddedPostgres server = EmbeddedPostgres.start();
      return new Database(server.getPostgresDatabase(), server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One transaction; rolled back when the work throws. */
  <T> T transaction(Function<EntityManager, T> work) {
    EntityManager em = factory.createEntityManager();
    try {
      em.getTransaction().begin();
      T result = work.apply(em);
      em.getTransaction().commit();
      return result;
    } finally {
      if (em.getTransaction().isActive()) {
        em.getTransaction().rollback();
      }
      em.close();
    }
  }

  void run(Consumer<EntityManager> work) {
    transaction(
        em -> {
          work.accept(em);
          return null;
        });
  }

  @Override
  public void close() {
    factory.close();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
