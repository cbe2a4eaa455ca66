package devfest.studio.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.jobs.Transactions;
import devfest.studio.log.Database;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The names of users on real databases. */
class PeopleIT {

  private static final String MAIL = "ann.lee@example.org";

  @TempDir Path dir;

  /** Two nodes, each of which remembers for itself. */
  private record Nodes(Transactions transactions, People one, People two) {

    void note(String user, String name) {
      Caller caller = caller(user, name);
      transactions.run(() -> one.note(caller));
    }

    String name(People node, String user) {
      return transactions.in(() -> node.of(user));
    }
  }

  private static Caller caller(String user, String name) {
    return new Caller(user, name, Set.of(), Instant.MAX, Instant.EPOCH, null);
  }

  private Nodes nodes(Database database) {
    Transactions transactions = new Transactions(database);
    return new Nodes(transactions, people(transactions), people(transactions));
  }

  private static People people(Transactions transactions) {
    Revocations revocations =
        new Revocations(transactions.em(), Clock.systemUTC(), null, Transactions.silent());
    return new People(
        transactions.em(),
        new People.Store(transactions.em(), revocations, user -> user),
        user -> user);
  }

  private Database database(String kind) {
    return kind.equals("h2") ? Database.h2(dir) : Database.postgres();
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgres"})
  void theNameOfTheLastUsedTokenIsShown(String kind) {
    try (Database database = database(kind)) {
      Nodes nodes = nodes(database);
      nodes.note(MAIL, null);
      assertEquals("ann.lee", nodes.name(nodes.one(), MAIL));
      nodes.note(MAIL, "Ann");
      assertEquals("Ann", nodes.name(nodes.one(), MAIL));
      nodes.note(MAIL, null);
      assertEquals("Ann", nodes.name(nodes.two(), MAIL), "a token without a name changes nothing");
      nodes.note(MAIL, "Ann Lee");
      assertEquals("Ann Lee", nodes.name(nodes.one(), MAIL));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgres"})
  void namesAreReadTogether(String kind) {
    try (Database database = database(kind)) {
      Nodes nodes = nodes(database);
      nodes.note(MAIL, "Ann");
      nodes.note("bob", null);
      List<String> users = List.of(MAIL, "bob", "nobody", "bob");
      nodes.transactions().run(() -> nodes.two().load(users));
      assertTrue(nodes.two().remembers(caller(MAIL, "Ann")));
      assertTrue(nodes.two().remembers(caller("bob", null)));
      assertFalse(nodes.two().remembers(caller("nobody", null)));
      assertEquals("Ann", nodes.two().of(MAIL), "without a transaction");
      nodes.two().load(List.of());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgres"})
  void aUserIsRememberedUnderTheNameOfTheToken(String kind) {
    try (Database database = database(kind)) {
      Nodes nodes = nodes(database);
      nodes.note(MAIL, "Ann");
      nodes.note(MAIL, "Ann");
      assertTrue(nodes.one().remembers(caller(MAIL, "Ann")));
      assertTrue(nodes.one().remembers(caller(MAIL, null)));
      assertFalse(nodes.one().remembers(caller(MAIL, "Ann Lee")));
      assertFalse(nodes.two().remembers(caller(MAIL, "Ann")));
      nodes.transactions().run(() -> nodes.one().remove(MAIL));
      assertFalse(nodes.one().remembers(caller(MAIL, null)));
      assertEquals("ann.lee", nodes.name(nodes.one(), MAIL));
    }
  }
}
