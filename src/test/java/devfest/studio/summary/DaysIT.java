package devfest.studio.summary;

import static org.junit.jupiter.api.Assertions.assertEquals;

import devfest.studio.guests.Guests;
import devfest.studio.jobs.Transactions;
import devfest.studio.log.Database;
import devfest.studio.summary.DayStatistics.StyleCount;
import devfest.studio.transformations.QuotaSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The statistics of a day on real databases. */
class DaysIT {

  private static final ZoneId PARIS = ZoneId.of("Europe/Paris");

  @TempDir Path dir;
  private Transactions transactions;
  private int rows;

  private void insert(String sql, Object... values) {
    transactions.run(
        () -> {
          var query = transactions.em().createNativeQuery(sql);
          for (int i = 0; i < values.length; i++) {
            query.setParameter(i + 1, values[i]);
          }
          assertEquals(1, query.executeUpdate());
        });
  }

  private String photo(String user, String at) {
    String id = "photo-" + rows++;
    insert(
        "insert into photo (id, user_id, visibility, format, width, height, size, uploaded_at)"
            + " values (?1, ?2, 'PUBLIC', 'jpeg', 1, 1, 1, ?3)",
        id,
        user,
        Instant.parse(at).toEpochMilli());
    return id;
  }

  private void picture(String photo, String user, String style, String status, String at) {
    insert(
        "insert into transformation (id, photo_id, style_id, user_id, visibility, status, progress,"
            + " attempts, due_at, queued_at, created_at, completed_at)"
            + " values (?1, ?2, ?3, ?4, 'PUBLIC', ?5, 1, 1, 0, 0, ?6, ?6)",
        "picture-" + rows++,
        photo,
        style,
        user,
        status,
        Instant.parse(at).toEpochMilli());
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgres"})
  void whatHappenedIsCountedByHourOnADayOfTwentyFiveHours(String kind) {
    try (Database database = kind.equals("h2") ? Database.h2(dir) : Database.postgres()) {
      transactions = new Transactions(database);
      String before = photo("old", "2026-10-24T21:59:59.999Z");
      String first = photo("ann", "2026-10-24T22:00:00Z");
      String second = photo("bob", "2026-10-25T00:30:00Z"); // 02:30 in summer time
      String third = photo("bob", "2026-10-25T01:30:00Z"); // 02:30 in winter time
      String last = photo("bob", "2026-10-25T22:59:59.999Z");
      String after = photo("new", "2026-10-25T23:00:00Z");
      picture(first, "ann", "vintage", "COMPLETED", "2026-10-24T22:00:01Z");
      picture(second, "bob", "vintage", "COMPLETED", "2026-10-25T01:00:00Z");
      picture(third, "bob", "unknown", "COMPLETED", "2026-10-25T01:59:59.999Z");
      picture(last, "cy", "sketch", "FAILED", "2026-10-25T12:00:00Z");
      picture(before, "old", "vintage", "COMPLETED", "2026-10-24T21:59:59.999Z");
      picture(after, "new", "vintage", "COMPLETED", "2026-10-25T23:00:00Z");
      insert(
          "insert into guest (user_id, pass_id, name, joined_at) values ('guest-1', 'pass', 'Ada', ?1)",
          Instant.parse("2026-10-25T08:00:00Z").toEpochMilli());
      Days days =
          new Days(
              transactions.em(),
              new Guests(transactions.em()),
              new QuotaSettings(100, PARIS),
              Clock.fixed(Instant.parse("2026-10-25T12:00:00Z"), ZoneOffset.UTC));

      DayStatistics day = transactions.in(() -> days.of(null, null));

      assertEquals("2026-10-25", day.day());
      assertEquals("Europe/Paris", day.zone());
      assertEquals(4, day.photos());
      assertEquals(3, day.pictures());
      assertEquals(3, day.visitors());
      assertEquals(1, day.guests());
      List<Long> photos = day.hours().stream().map(DayStatistics.Hour::photos).toList();
      assertEquals(25, photos.size());
      assertEquals(List.of(1L, 0L, 1L, 1L, 0L), photos.subList(0, 5));
      assertEquals(1, photos.get(24));
      List<Long> pictures = day.hours().stream().map(DayStatistics.Hour::pictures).toList();
      assertEquals(List.of(1L, 0L, 0L, 2L, 0L), pictures.subList(0, 5));
      assertEquals(
          List.of(new StyleCount("vintage", "Vintage", 2), new StyleCount("unknown", "unknown", 1)),
          day.styles());
      assertEquals(0, transactions.in(() -> days.of("2026-10-23", "UTC")).photos());
    }
  }
}
