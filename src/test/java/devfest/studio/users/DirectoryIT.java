package devfest.studio.users;

import static org.junit.jupiter.api.Assertions.assertEquals;

import devfest.studio.guests.GuestNames;
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
  void usersAreFoundByIdAndByTheNameOfAGuest(String kind) {
    try (Database database = kind.equals("h2") ? Database.h2(dir) : Database.postgres()) {
      Transactions transactions = new Transactions(database);
      transactions.run(
          () -> {
            for (String user : List.of("a%b", "axb", "guest-1", "Zoe@example.org")) {
              transactions
                  .em()
                  .createNativeQuery("insert into person (user_id) values (?1)")
                  .setParameter(1, user)
                  .executeUpdate();
            }
            transactions
                .em()
                .createNativeQuery(
                    "insert into guest (user_id, pass_id, name, joined_at)"
                        + " values ('guest-1', 'pass', 'Zoé', 1)")
                .executeUpdate();
          });
      Directory directory =
          new Directory(transactions.em(), new GuestNames(transactions.em()), Stream.empty());
      assertEquals(List.of("guest-1"), find(transactions, directory, "ZOÉ", "", 10));
      assertEquals(List.of("Zoe@example.org"), find(transactions, directory, "zoe@", "", 10));
      assertEquals(List.of("a%b"), find(transactions, directory, "A%", "", 10));
      assertEquals(1, find(transactions, directory, "b", "", 1).size());
      assertEquals(List.of(), find(transactions, directory, "b", "axb", 10));
      assertEquals(
          "Zoé", transactions.in(() -> directory.of(List.of("guest-1", "nobody"))).get(0).name());
    }
  }

  private static List<String> find(
      Transactions transactions, Directory directory, String text, String after, int limit) {
    return transactions.in(() -> directory.find(text, after, limit)).stream()
        .map(Directory.Entry::user)
        .toList();
  }
}
