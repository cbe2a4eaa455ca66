package devfest.studio.users;

import static org.junit.jupiter.api.Assertions.assertEquals;

import devfest.studio.jobs.Transactions;
import devfest.studio.log.Database;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The search for users on real databases. */
class DirectoryIT {

  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgres"})
  void usersAreFoundByIdAndByName(String kind) {
    try (Database database = kind.equals("h2") ? Database.h2(dir) : Database.postgres()) {
      Transactions transactions = new Transactions(database);
      transactions.run(
          () -> {
            insert(transactions, "a%b", null);
            insert(transactions, "axb", null);
            insert(transactions, "guest-1", "Zoé");
            insert(transactions, "Zoe@example.org", null);
          });
      Directory directory =
          new Directory(transactions.em(), user -> "name of " + user, Stream.empty());
      assertEquals(List.of("guest-1"), find(transactions, directory, "ZOÉ", "", 10));
      assertEquals(List.of("Zoe@example.org"), find(transactions, directory, "zoe@", "", 10));
      assertEquals(List.of("a%b"), find(transactions, directory, "A%", "", 10));
      assertEquals(1, find(transactions, directory, "b", "", 1).size());
      assertEquals(List.of(), find(transactions, directory, "b", "axb", 10));
      assertEquals(
          "name of axb",
          transactions.in(() -> directory.of(List.of("axb", "nobody"))).get(0).name());
    }
  }

  private static void insert(Transactions transactions, String user, String name) {
    transactions
        .em()
        .createNativeQuery("insert into person (user_id, display_name) values (?1, ?2)")
        .setParameter(1, user)
        .setParameter(2, name)
        .executeUpdate();
  }

  private static List<String> find(
      Transactions transactions, Directory directory, String text, String after, int limit) {
    return transactions.in(() -> directory.find(text, after, limit)).stream()
        .map(Directory.Entry::user)
        .toList();
  }
}
