package devfest.studio.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.events.Event;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.Visibility;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Publications by another application, in SQL on a real PostgreSQL. */
class SqlPublicationIT {

  private static Database database;
  private long start;

  @BeforeAll
  static void open() {
    database = Database.postgres();
    database.run(
        em -> {
          Logs.of(em).open(false);
          Logs.of(em).reserve(List.of("photo.*", "connected"));
          Logs.of(em).reserve(List.of("photo.*", "error"));
        });
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @BeforeEach
  void startAtTheEnd() {
    start = database.transaction(em -> Logs.reader(em).bounds().latest());
  }

  private List<LoggedEvent> appended() {
    return database.transaction(em -> Logs.reader(em).read(start, 10_000));
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      boolean ignored = statement.execute(sql);
    }
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection = database.source().getConnection()) {
      execute(connection, sql);
    }
  }

  private static Event event() {
    return Event.of("java")
        .visibility(Visibility.PRIVATE)
        .channel(Event.STUDIO_CHANNEL)
        .data("1")
        .build();
  }

  @Test
  void anEventHasTheGivenMembersAndTheDefaultsOfPublishing() throws Exception {
    execute(
        "select studio_publish('talk.started', '{\"room\":\"A\\n\"}'::jsonb, user_id => 'ann',"
            + " visibility => 'public')");
    execute("select studio_publish('talk.ended', 'null')");
    List<LoggedEvent> events = appended();
    assertEquals(
        List.of(start + 1, start + 2), events.stream().map(LoggedEvent::position).toList());
    Event first = events.get(0).event();
    assertEquals("talk.started", first.type());
    assertEquals("{\"room\": \"A\\n\"}", first.data());
    assertEquals("ann", first.userId());
    assertEquals(Visibility.PUBLIC, first.visibility());
    assertEquals(Event.STUDIO_CHANNEL, first.channel());
    Event second = events.get(1).event();
    assertEquals(Visibility.PRIVATE, second.visibility());
    assertEquals(null, second.userId());
    assertEquals("null", second.data());
    assertEquals(1, database.transaction(em -> Logs.reader(em).counts()).get("talk.started"));
  }

  @Test
  void anEventExistsExactlyIfItsTransactionCommits() throws Exception {
    try (Connection other = database.source().getConnection()) {
      other.setAutoCommit(false);
      execute(other, "select studio_publish('committed', '1')");
      execute(other, "select studio_publish('committed', '2')");
      assertEquals(List.of(), appended());
      database.run(em -> assertEquals(start + 1, Logs.of(em).append(event()).position()));
      other.commit();
      execute(other, "select studio_publish('rolled.back', '1')");
      other.rollback();
    }
    assertEquals(
        List.of("java", "committed", "committed"),
        appended().stream().map(logged -> logged.event().type()).toList());
    assertEquals(
        List.of("1", "2"),
        appended().stream().skip(1).map(logged -> logged.event().data()).toList());
  }

  @Test
  void positionsStayGaplessWhenApplicationsAndTheStudioRace() throws Exception {
    int threads = 4;
    int each = 50;
    ExecutorService all = Executors.newFixedThreadPool(2 * threads);
    List<Future<?>> done = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      done.add(
          all.submit(
              () -> {
                for (int n = 0; n < each; n++) {
                  execute("select studio_publish('sql', '1')");
                }
                return null;
              }));
      done.add(
          all.submit(
              () -> {
                for (int n = 0; n < each; n++) {
                  LoggedEvent ignored = database.transaction(em -> Logs.of(em).append(event()));
                }
              }));
    }
    all.shutdown();
    for (Future<?> task : done) {
      Object ignored = task.get(1, TimeUnit.MINUTES);
    }
    assertEquals(
        LongStream.rangeClosed(start + 1, start + 2L * threads * each).boxed().toList(),
        appended().stream().map(LoggedEvent::position).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "photo.uploaded | 1 | private | is reserved",
        "PHOTO.x | 1 | private | is reserved",
        "connected_ | 1 | private | is reserved",
        "error | 1 | private | is reserved",
        "1a | 1 | private | type must be a name",
        "a b | 1 | private | type must be a name",
        "a | | private | data is required",
        "a | 1 | shared | visibility must be",
      })
  void whatClientsCannotPublishIsRefusedAtOnce(
      String type, String data, String visibility, String reason) throws Exception {
    try (Connection connection = database.source().getConnection();
        PreparedStatement call =
            connection.prepareStatement("select studio_publish(?, ?::jsonb, null, ?)")) {
      call.setString(1, type);
      call.setString(2, data);
      call.setString(3, visibility);
      SQLException refusal = assertThrows(SQLException.class, call::execute);
      assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
    }
    assertEquals(List.of(), appended());
  }

  @Test
  void anEventHasAtMost64Kilobytes() throws Exception {
    execute("select studio_publish('large', to_jsonb(repeat('x', 65534)))");
    SQLException refusal =
        assertThrows(
            SQLException.class,
            () -> execute("select studio_publish('large', to_jsonb(repeat('x', 65535)))"));
    assertTrue(refusal.getMessage().contains("65536 bytes"), refusal.getMessage());
    assertEquals(1, appended().size());
  }

  @Test
  void aTransactionPublishesAtMostAThousandEvents() throws Exception {
    String many = "select studio_publish('many', '1') from generate_series(1, %d)";
    execute(many.formatted(1_000));
    SQLException refusal = assertThrows(SQLException.class, () -> execute(many.formatted(1_001)));
    assertTrue(refusal.getMessage().contains("at most 1000 events"), refusal.getMessage());
    assertEquals(1_000, appended().size());
  }

  @Test
  void dataThatIsNestedTooDeeplyIsRefused() throws Exception {
    String nested =
        "select studio_publish('deep', (repeat('[', %1$d) || %2$s || repeat(']', %1$d))::jsonb)";
    String text = "'\"' || repeat('[{\\\"', 1000) || '\"'";
    execute(nested.formatted(900, text));
    assertEquals(1, appended().size());
    SQLException refusal =
        assertThrows(SQLException.class, () -> execute(nested.formatted(901, text)));
    assertTrue(refusal.getMessage().contains("at most 900 levels"), refusal.getMessage());
  }

  @Test
  void aRoleThatMayPublishMayDoNothingElse() throws Exception {
    execute("create role talks");
    try (Connection talks = database.source().getConnection()) {
      execute(talks, "set role talks");
      assertThrows(SQLException.class, () -> execute(talks, "select studio_publish('a', '1')"));
      execute("grant execute on function studio_publish to talks");
      execute(talks, "create temp table event_head (id int, position bigint, recorded_at bigint)");
      execute(talks, "select studio_publish('a', '1')");
      assertThrows(SQLException.class, () -> execute(talks, "select * from public.event_log"));
      assertThrows(
          SQLException.class,
          () -> execute(talks, "insert into sql_publication (type) values ('a')"));
    }
    assertEquals(1, appended().size());
  }
}
