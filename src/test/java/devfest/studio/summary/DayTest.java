package devfest.studio.summary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import devfest.studio.http.Problem;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class DayTest {

  private static final ZoneId PARIS = ZoneId.of("Europe/Paris");

  private static List<Instant> hours(String date) {
    return new Day(LocalDate.parse(date), PARIS).hours();
  }

  @Test
  void aDayHasTwentyFourHoursUnlessTheClocksChange() {
    assertEquals(24, hours("2026-11-21").size());
    assertEquals(23, hours("2026-03-29").size());
    assertEquals(25, hours("2026-10-25").size());
  }

  @Test
  void eachHourStartsWhenThePreviousOneEnds() {
    List<Instant> hours = hours("2026-10-25");
    assertEquals(Instant.parse("2026-10-24T22:00:00Z"), hours.get(0));
    for (int i = 1; i < hours.size(); i++) {
      assertEquals(hours.get(i - 1).plusSeconds(3_600), hours.get(i));
    }
    assertEquals(Instant.parse("2026-10-25T22:00:00Z"), hours.get(24));
  }

  @Test
  void theDefaultIsTodayInTheZone() {
    Clock late = Clock.fixed(Instant.parse("2026-11-21T23:30:00Z"), ZoneOffset.UTC);
    assertEquals("2026-11-21", Day.of(null, "", ZoneOffset.UTC, late).date().toString());
    assertEquals("2026-11-22", Day.of("", null, PARIS, late).date().toString());
    assertEquals(PARIS, Day.of(null, "Europe/Paris", ZoneOffset.UTC, late).zone());
  }

  @Test
  void whatIsNoDayOrZoneIsRefused() {
    Clock clock = Clock.systemUTC();
    for (String day : List.of("today", "2026-02-30", "+999999999-12-31", "1969-12-31")) {
      assertThrows(Problem.class, () -> Day.of(day, null, PARIS, clock), day);
    }
    assertThrows(Problem.class, () -> Day.of(null, "Mars/Base", PARIS, clock));
  }
}
