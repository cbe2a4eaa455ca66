package devfest.studio.photos;

import devfest.studio.events.Visibility;
import java.time.Instant;

/** Photos for tests of other packages. */
public final class Photos {

  private Photos() {}

  public static Photo of(String owner) {
    return new Photo(
        "00000000-0000-4000-8000-000000000000",
        owner,
        Visibility.PRIVATE,
        640,
        480,
        1_000,
        Instant.EPOCH);
  }
}
