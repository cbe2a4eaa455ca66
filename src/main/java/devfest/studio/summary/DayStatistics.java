package devfest.studio.summary;

import devfest.studio.archive.Csv;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What happened on a day. Deleted photos and pictures do not count.
 *
 * @param day the date, such as {@code 2026-11-21}
 * @param zone the time zone of the day
 * @param until the start of the next day
 * @param photos photos uploaded
 * @param pictures pictures completed
 * @param visitors users who uploaded a photo or ordered a picture
 * @param guests guests who joined with a pass
 * @param hours in order; 23 or 25 of them when the clocks change
 * @param styles by the number of pictures
 */
@Schema(name = "DayStatistics")
public record DayStatistics(
    String day,
    String zone,
    Instant from,
    Instant until,
    long photos,
    long pictures,
    long visitors,
    long guests,
    List<Hour> hours,
    List<StyleCount> styles) {

  /** The figures of an hour. */
  @Schema(name = "DayHour")
  public record Hour(Instant startsAt, long photos, long pictures) {}

  /** The number of pictures in a style. */
  @Schema(name = "DayStyle")
  public record StyleCount(String styleId, String name, long pictures) {}

  /** Returns a table: one row per hour, one per style, and one for the day. */
  String csv() {
    Csv table = new Csv("kind", "name", "photos", "pictures", "visitors", "guests");
    ZoneId in = ZoneId.of(zone);
    for (Hour hour : hours) {
      String start = hour.startsAt().atZone(in).toOffsetDateTime().toString();
      table.row("hour", start, hour.photos(), hour.pictures(), null, null);
    }
    for (StyleCount style : styles) {
      table.row("style", style.name(), null, style.pictures(), null, null);
    }
    table.row("day", day, photos, pictures, visitors, guests);
    return table.toString();
  }
}
