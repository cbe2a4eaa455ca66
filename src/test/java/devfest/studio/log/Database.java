package devfest.studio.log;

import devfest.studio.app.database.Schema;
import devfest.studio.app.database.StudioDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Persistence;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.eclipse.persistence.sessions.Session;
import org.eclipse.persistence.sessions.SessionCustomizer;

/** A real database with the real schema and persistence unit, without a server around it. */
public final class Database implements AutoCloseable {

  private final EntityManagerFactory factory;
  private final Closeable server;
  private final DataSource source;

  private Database(DataSource source, Closeable server, String unit) {
    this.server = server;
    this.source = source;
    Schema.migrate(source);
    factory =
        Persistence.createEntityManagerFactory(
            unit,
            Map.of(
                "jakarta.persistence.transactionType",
                "RESOURCE_LOCAL",
                "jakarta.persistence.nonJtaDataSource",
                source,
                "eclipselink.session.customizer", // the server's
                Plain.class.getName(),
                "eclipselink.logging.level",
                "SEVERE"));
  }

  /** Changes nothing of a session. */
  public static final class Plain implements SessionCustomizer {
    @Override
    public void customize(Session session) {}
  }

  /** An H2 file as the studio uses it. */
  public static Database h2(Path dir) {
    return h2(dir, "studio");
  }

  /**
   * @param unit the persistence unit
   */
  public static Database h2(Path dir, String unit) {
    Map<String, String> settings = Map.of("studio.data-dir", dir.toString());
    StudioDataSource source = new StudioDataSource(name -> Optional.ofNullable(settings.get(name)));
    return new Database(source, source::close, unit);
  }

  public static Database postgres() {
    return postgres("studio");
  }

  /**
   * @param unit the persistence unit
   */
  public static Database postgres(String unit) {
    try {
      EmbeddedPostgres server = EmbeddedPostgres.start();
      return new Database(server.getPostgresDatabase(), server, unit);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A node on a database that another owner stops. */
  public static Database of(DataSource source) {
    return new Database(source, () -> {}, "studio");
  }

  /** Opens connections to the database. */
  public DataSource source() {
    return source;
  }

  /** One transaction; rolled back when the work throws. */
  public <T> T transaction(Function<EntityManager, T> work) {
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

  public void run(Consumer<EntityManager> work) {
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
