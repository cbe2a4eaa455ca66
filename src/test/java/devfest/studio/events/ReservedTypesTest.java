package devfest.studio.events;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReservedTypesTest {

  private final ReservedTypes types = ReservedTypes.of("erased", "photo.*");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "erased",
        "photo.",
        "photo.uploaded",
        "Erased",
        "erased.",
        "ERASED-_",
        "Photo.uploaded",
        "PHOTO.UPLOADED",
        "photo..x"
      })
  void namesAndTypesWithAPrefixAreIncludedInEverySpelling(String type) {
    assertTrue(types.includes(type));
  }

  @ParameterizedTest
  @ValueSource(strings = {"erased.x", "photo", "photo-x", "photos.x", "my.photo.x", "unerased"})
  void otherTypesAreNotIncluded(String type) {
    assertFalse(types.includes(type));
  }
}
