package devfest.studio.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class PostgresEventLogIT extends EventLogContract {

  @Override
  Database open() {
    return Database.postgres();
  }

  @Test
  void firstStartsOfSeveralNodesAtOnceCreateOneLog() throws Exception {
    int nodes = 3;
    CyclicBarrier together = new CyclicBarrier(nodes);
    ExecutorService pool = Executors.newFixedThreadPool(nodes);
    try (EmbeddedPostgres server = EmbeddedPostgres.start()) {
      DataSource empty = server.getPostgresDatabase();
      List<Future<LogBounds>> starts = new ArrayList<>();
      for (int i = 0; i < nodes; i++) {
        starts.add(
            pool.submit(
                () -> {
                  together.await();
                  try (Database node = Database.of(empty)) {
                    node.run(em -> log(em, Instant.now()).open(false));
                    return node.transaction(em -> new LogReader(em, user -> user).bounds());
                  }
                }));
      }
      Set<LogBounds> bounds = new HashSet<>();
      for (Future<LogBounds> start : starts) {
        bounds.add(start.get(2, TimeUnit.MINUTES));
      }
      assertEquals(1, bounds.size(), bounds::toString);
    } finally {
      pool.shutdownNow();
    }
  }
}
