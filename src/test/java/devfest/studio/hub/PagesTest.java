package devfest.studio.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.events.Audience;
import devfest.studio.events.Event;
import devfest.studio.events.Filter;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.Visibility;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PagesTest {

  private static final Filter ALL = Filter.of(Audience.everything());

  private final List<LoggedEvent> log = new ArrayList<>();
  private final List<Integer> limits = new ArrayList<>();
  private long pruned;

  private final Pages pages =
      new Pages(
          (filter, after, limit) -> {
            limits.add(limit);
            List<LoggedEvent> events =
                log.stream().filter(e -> e.position() > after).limit(limit).toList();
            return new LogSource.Page(events, Long.MAX_VALUE, pruned, log.size());
          },
          Shape.DATA,
          Clock.systemUTC());

  private void append(int n, String data) {
    for (int i = 0; i < n; i++) {
      Event event =
          Event.of("a").visibility(Visibility.PUBLIC).channel("events").data(data).build();
      log.add(new LoggedEvent(log.size() + 1L, Instant.EPOCH, event));
    }
  }

  private static List<Long> positions(Pages.Page page) {
    List<Long> positions = new ArrayList<>();
    while (page.hasNext()) {
      positions.add(page.next().position());
    }
    return positions;
  }

  private static List<Long> range(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  @Test
  void pagesOfSmallEventsGrowUpToABound() {
    append(1_000, "{}");
    long after = 0;
    while (after < 1_000) {
      Pages.Page page = pages.read(ALL, after, 1_000);
      assertEquals(range(after + 1, page.upTo()), positions(page));
      after = page.upTo();
    }
    assertEquals(List.of(50, 100, 200, 200, 200, 200, 200), limits);
  }

  @Test
  void pagesOfLargeEventsHoldFewButAtLeastOne() {
    append(100, "x".repeat(20_000));
    Pages.Page page = pages.read(ALL, 0, 100);
    assertEquals(List.of(1L, 2L), positions(page));
    assertEquals(2, page.upTo());
    append(1, "x".repeat(60_000));
    assertEquals(List.of(101L), positions(pages.read(ALL, 100, 101)));
    assertEquals(List.of(50, 3), limits, "no more is read than is kept");
  }

  @Test
  void theLastPageCoversUpToTheHead() {
    append(3, "{}");
    Pages.Page page = pages.read(ALL, 0, 90);
    assertEquals(90, page.upTo());
    assertNull(page.takeReset());
  }

  @Test
  void prunedEventsAreReportedOnceBeforeTheRest() {
    append(60, "{}");
    pruned = 40;
    Pages.Page page = pages.read(ALL, 10, 60);
    assertTrue(page.takeReset().toString().startsWith("id: 40\nevent: stream.reset\n"));
    assertNull(page.takeReset());
    assertEquals(range(41, 60), positions(page));
  }

  @Test
  void readingContinuesAboveAPageThatIsPrunedEntirely() {
    append(60, "{}");
    pruned = 55;
    Pages.Page page = pages.read(ALL, 0, 60);
    assertEquals(List.of(), positions(page));
    assertEquals(55, page.upTo());
  }
}
