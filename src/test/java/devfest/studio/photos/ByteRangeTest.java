package devfest.studio.photos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {

  @ParameterizedTest
  @CsvSource({
    "bytes=0-9, 0, 9",
    "bytes=90-, 90, 99",
    "bytes=-10, 90, 99",
    "bytes=95-500, 95, 99",
    "bytes=-500, 0, 99",
  })
  void aSingleRangeIsCutToTheFile(String header, long first, long last) {
    assertEquals(new ByteRange(first, last, true, true), ByteRange.of(header, 100));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=0-1,5-6", "bytes=-", "bytes=9-3", "items=0-1", "bytes=x-", ""})
  void anyOtherRangeRequestsTheWholeFile(String header) {
    assertEquals(new ByteRange(0, 99, false, true), ByteRange.of(header, 100));
  }

  @Test
  void aRangeBeyondTheEndCannotBeSatisfied() {
    assertFalse(ByteRange.of("bytes=100-", 100).satisfiable());
    assertFalse(ByteRange.of("bytes=-0", 100).satisfiable());
  }
}
