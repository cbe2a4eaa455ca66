package devfest.studio.summary;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.Client;
import devfest.studio.SharedServer;
import devfest.studio.SharedServerTest;
import devfest.studio.TestImages;
import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives of pictures and the statistics of a day. */
class SummaryIT extends SharedServerTest {

  private static final String ALL = V1 + "/event/pictures.zip";
  private static final String OWN = V1 + "/photos.zip";
  private static final String STATS = V1 + "/event/stats";

  private static String photo(Client by, String visibility) {
    return by.photo(TestImages.jpeg(60, 40), visibility);
  }

  private static String picture(Client by, String photo, String style) {
    String id = by.transform(photo, style);
    String path = V1 + "/transformations/" + id;
    await().until(() -> by.get(path).data().getString("status").equals("completed"));
    return id;
  }

  private static Map<String, byte[]> files(Client by, String path) throws IOException {
    Client.Reply reply = by.get(path);
    assertEquals(200, reply.status());
    assertEquals("application/zip", reply.header("Content-Type"));
    assertEquals("no-store", reply.header("Cache-Control"));
    assertTrue(reply.header("Content-Disposition").contains("pictures.zip\""));
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(reply.bytes()))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        files.put(entry.getName(), zip.readAllBytes());
      }
    }
    return files;
  }

  private static String table(Map<String, byte[]> files) {
    return new String(files.get("pictures.csv"), StandardCharsets.UTF_8);
  }

  private static boolean has(Map<String, byte[]> files, String id) {
    boolean file = files.keySet().stream().anyMatch(name -> name.contains(id));
    assertEquals(file, table(files).contains(id), id);
    return file;
  }

  private int links(String picture) {
    return nobody.get("/uploads/transformations/" + picture + ".jpg").status();
  }

  @Test
  void theArchiveOfTheEventHasThePicturesThatEverybodySees() throws IOException {
    String publicPhoto = photo(ann, "public");
    String one = picture(ann, publicPhoto, "vintage");
    String two = picture(ann, publicPhoto, "sketch");
    String hidden = picture(bob, photo(bob, "public"), "vintage");
    String secret = picture(bob, photo(bob, "private"), "vintage");
    String deletedPhoto = photo(bob, "public");
    String deleted = picture(bob, deletedPhoto, "vintage");
    assertEquals(200, root.post(V1 + "/transformations/" + hidden + "/hide", "").status());
    await().until(() -> links(hidden) == 404);
    assertEquals(204, bob.delete(V1 + "/photos/" + deletedPhoto).status());

    Map<String, byte[]> files = files(root, ALL);
    List<String> names = List.copyOf(files.keySet());
    assertEquals("pictures.csv", names.get(names.size() - 1));
    assertTrue(has(files, one) && has(files, two));
    assertFalse(has(files, hidden) || has(files, secret) || has(files, deleted));
    String name = names.stream().filter(each -> each.contains(one)).findFirst().orElseThrow();
    assertArrayEquals(
        nobody.get("/uploads/transformations/" + one + ".jpg").bytes(), files.get(name));
    String row = table(files).lines().filter(l -> l.contains(one)).findFirst().orElseThrow();
    assertTrue(row.startsWith(name + "," + one + "," + publicPhoto + "," + ann.user()), row);
    assertTrue(row.contains(",vintage,Vintage,") && row.endsWith(",public"), row);
    for (Client other : List.of(ann, publisher)) {
      assertEquals(403, other.get(ALL).status());
    }
    String trail = V1 + "/audit?action=export-event&user=" + root.user();
    assertEquals(1, root.get(trail).items().size());
  }

  @Test
  void theOwnArchiveHasTheOwnPhotosAndPicturesOnly() throws IOException {
    String photo = photo(ann, "private");
    String picture = picture(ann, photo, "vintage");
    String unused = photo(ann, "public");
    String foreign = photo(bob, "public");
    Map<String, byte[]> files = files(ann, OWN);
    assertEquals(4, files.size(), () -> files.keySet().toString());
    assertTrue(has(files, photo) && has(files, picture) && has(files, unused));
    assertFalse(has(files, foreign));
    assertEquals(
        List.of("pictures.csv"), List.copyOf(files(Client.of(base(), "new"), OWN).keySet()));
  }

  @Test
  void aGuestHasAnArchiveWithTheChosenName() throws IOException {
    String pass = root.post(V1 + "/passes", "{}").data().getString("url").replaceFirst(".*=", "");
    Client.Reply joined =
        nobody.post(V1 + "/passes/redeem", "{\"pass\":\"%s\",\"name\":\"=Zoé\"}".formatted(pass));
    String user = joined.data().getString("user");
    Client guest = nobody.withToken(joined.data().getString("token"));
    String picture = picture(guest, photo(guest, "public"), "vintage");
    String row = table(files(guest, OWN)).lines().toList().get(2);
    assertTrue(row.contains(picture + ",") && row.contains(",'=Zoé," + user + ","), row);
    JsonObject item =
        root.get(V1 + "/users?search=ZO%C3%89&limit=100").items().stream()
            .map(each -> each.asJsonObject())
            .filter(each -> each.getString("user").equals(user))
            .findFirst()
            .orElseThrow();
    assertEquals("=Zoé", item.getString("displayName"));
    assertEquals(1, root.get(V1 + "/users?user=" + user + "&user=nobody").items().size());
    assertEquals(0, root.get(V1 + "/users?search=%25" + UUID.randomUUID()).items().size());
  }

  @Test
  void aHeadHasTheHeadersAndReservesNothing() {
    for (int i = 0; i < 3; i++) {
      Client.Reply reply =
          ann.send(ann.request(OWN).method("HEAD", HttpRequest.BodyPublishers.noBody()));
      assertEquals(200, reply.status());
      assertEquals("application/zip", reply.header("Content-Type"));
      assertTrue(reply.header("Content-Disposition").startsWith("attachment; filename="));
    }
  }

  /** The archive is larger than all buffers on the way. */
  @Test
  void aClientHasOneArchiveAtATimeUntilItDisconnects() throws Exception {
    byte[] noise = TestImages.noise(3_000, 2_000);
    for (int i = 0; i < 6; i++) {
      String ignored = ann.photo(noise, "private");
    }
    HttpResponse<InputStream> slow =
        HttpClient.newHttpClient()
            .send(ann.request(OWN).build(), HttpResponse.BodyHandlers.ofInputStream());
    assertEquals(200, slow.statusCode());
    try (InputStream body = slow.body()) {
      assertTrue(body.read() >= 0);
      Client.Reply refused = ann.get(OWN);
      assertEquals(429, refused.status());
      assertEquals("10", refused.header("Retry-After"));
      assertEquals(429, ann.get(V1 + "/users/" + ann.user() + "/export").status());
      assertEquals(1, files(bob, OWN).size(), "others are not concerned");
    }
    await().until(() -> ann.get(OWN).status() == 200);
    assertEquals(7, files(ann, OWN).size());
  }

  @Test
  void aFileThatIsDamagedDuringTheDownloadDisconnectsTheClient() throws Exception {
    byte[] noise = TestImages.noise(3_000, 2_000);
    List<String> photos = Stream.generate(() -> ann.photo(noise, "private")).limit(6).toList();
    HttpResponse<InputStream> slow =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1) // the connection is all that can be closed
            .build()
            .send(ann.request(OWN).build(), HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = slow.body()) {
      assertTrue(body.read() >= 0);
      for (String photo : photos) {
        Path file = SharedServer.dir().resolve("data/photos/" + photo + ".jpg");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          FileChannel ignored = channel.truncate(100);
        }
      }
      java.io.ByteArrayOutputStream got = new java.io.ByteArrayOutputStream();
      assertThrows(
          IOException.class,
          () -> body.transferTo(got),
          () -> got.size() + " bytes of files of " + noise.length);
    }
    await().until(() -> ann.get(OWN).status() == 200);
  }

  private JsonObject today() {
    return root.get(STATS + "?zone=UTC&day=" + LocalDate.now(ZoneOffset.UTC)).data();
  }

  private static long pictures(JsonObject statistics) {
    return statistics.getJsonArray("hours").getValuesAs(JsonObject.class).stream()
        .mapToLong(hour -> hour.getInt("pictures"))
        .sum();
  }

  @Test
  void theStatisticsCountPhotosPicturesStylesAndVisitors() {
    JsonObject before = today();
    String photo = photo(ann, "private");
    picture(ann, photo, "vintage");
    picture(ann, photo, "vintage");
    String unused = photo(bob, "public");
    JsonObject after = today();
    assertEquals(24, after.getJsonArray("hours").size());
    assertEquals(before.getInt("photos") + 2, after.getInt("photos"));
    assertEquals(before.getInt("pictures") + 2, after.getInt("pictures"));
    assertEquals(before.getInt("visitors") + 2, after.getInt("visitors"));
    assertEquals(after.getInt("pictures"), pictures(after));
    JsonObject first = after.getJsonArray("hours").getJsonObject(0);
    assertEquals(after.getString("from"), first.getString("startsAt"));
    assertTrue(
        after.getJsonArray("styles").getValuesAs(JsonObject.class).stream()
            .anyMatch(s -> s.getString("name").equals("Vintage") && s.getInt("pictures") >= 2));
    assertEquals(204, bob.delete(V1 + "/photos/" + unused).status());
    assertEquals(before.getInt("photos") + 1, today().getInt("photos"));
  }

  @Test
  void theStatisticsOfADayWithAChangeOfTheClocksHaveItsHours() {
    JsonObject day = root.get(STATS + "?day=2026-10-25&zone=Europe/Paris").data();
    assertEquals(25, day.getJsonArray("hours").size());
    assertEquals(
        Instant.parse("2026-10-24T22:00:00Z"),
        Instant.parse(day.getJsonArray("hours").getJsonObject(0).getString("startsAt")));
  }

  @Test
  void theStatisticsAreATableToo() {
    Client.Reply reply = root.get(STATS + ".csv?zone=UTC");
    assertEquals(200, reply.status());
    assertEquals("text/csv;charset=UTF-8", reply.header("Content-Type").replace(" ", ""));
    assertTrue(reply.header("Content-Disposition").contains("statistics.csv"));
    List<String> rows = new String(reply.bytes(), StandardCharsets.UTF_8).lines().toList();
    assertEquals("kind,name,photos,pictures,visitors,guests", rows.get(0));
    assertEquals(24, rows.stream().filter(row -> row.startsWith("hour,")).count());
    assertTrue(rows.get(rows.size() - 1).startsWith("day,"));
    assertEquals(403, ann.get(STATS + ".csv").status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"?day=today", "?day=2026-02-30", "?zone=Mars"})
  void whatIsNoDayOrZoneIsRefused(String query) {
    assertEquals(400, root.get(STATS + query).status());
  }
}
