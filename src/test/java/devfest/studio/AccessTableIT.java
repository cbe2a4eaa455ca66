package devfest.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AccessTableIT {

  private static Endpoints endpoints() throws IOException {
    return Endpoints.of(Endpoints.classes());
  }

  @Test
  void everyEndpointHasARow() throws IOException {
    Endpoints endpoints = endpoints();
    Set<String> missing = new TreeSet<>(endpoints.all());
    AccessTable.rows().forEach(row -> endpoints.of(row).ifPresent(missing::remove));
    assertEquals(Set.of(), missing);
  }

  @Test
  void everyRowHasAnEndpoint() throws IOException {
    Endpoints endpoints = endpoints();
    List<AccessTable.Row> unknown =
        AccessTable.rows().stream().filter(row -> endpoints.of(row).isEmpty()).toList();
    assertEquals(List.of(), unknown);
  }

  @Test
  void noRowStandsTwice() {
    List<String> names = AccessTable.rows().stream().map(AccessTable.Row::toString).toList();
    assertEquals(names.stream().distinct().collect(Collectors.toList()), names);
  }
}
